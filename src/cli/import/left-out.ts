import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { printable } from '../printable.ts';
import type { By, Refusal } from './read-file.ts';

const SHOWN = 5;

/**
 * A list beside the mapping of the lines that came to nothing, for people and spreadsheets. Only
 * its owner may read it.
 *
 * @param ending  as in `mapping.not-mapped.csv`
 */
export function createLeftOut(mapping: string, ending: string, by: By) {
  const path = `${mapping.replace(/\.csv$/i, '')}.${ending}.csv`;
  const name = basename(path);
  const header = `line,${by},subject,reason\n`;
  return {
    name,
    /** Replaces the list of an earlier run. */
    write(refusals: Refusal[]): void {
      rmSync(path, { force: true });
      if (refusals.length > 0) writeFileSync(path, header + toCsv(refusals), { mode: 0o600 });
    },
    append(refusals: Refusal[]): void {
      if (refusals.length === 0) return;
      if (existsSync(path)) appendFileSync(path, toCsv(refusals));
      else writeFileSync(path, header + toCsv(refusals), { mode: 0o600 });
    },
    /** The first lines of the list, for the screen. */
    show(refusals: Refusal[], dryRun = false): string {
      const shown = refusals
        .slice(0, SHOWN)
        .map(
          ({ line, named, reason }) =>
            `  line ${line}, ${printable(named.slice(0, 60))}: ${reason}`,
        );
      const all = refusals.length > SHOWN ? 'These and all others' : 'These';
      const how = dryRun ? 'would be listed' : 'are listed';
      return [...shown, `${all} ${how} in ${name}.`].join('\n');
    },
  };
}

export type LeftOut = ReturnType<typeof createLeftOut>;

function toCsv(refusals: Refusal[]): string {
  const rows = refusals.map(({ line, named, subject, reason }) =>
    [String(line), named, subject, reason].map(quoted).join(','),
  );
  return `${rows.join('\n')}\n`;
}

const quoted = (value: string) =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
