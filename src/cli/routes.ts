import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { isSameToml, replaceFile } from './files.ts';
import { OperatorProblem } from './problem.ts';
import { CONFIG_FILE } from './target.ts';
import { isTable } from './toml.ts';

/** An address of the Worker: a pattern in a zone, or without a zone a host that Cloudflare makes. */
export type Route = { pattern: string; zone?: string };

/**
 * Sets the Worker's routes in wrangler.toml. Everything else stays as it is, comments included.
 *
 * @param environment  the name of [env.NAME]; undefined for the top level
 * @throws OperatorProblem if the file's layout does not allow it
 */
export function setRoutes(
  directory: string,
  environment: string | undefined,
  routes: readonly Route[],
): void {
  const path = join(directory, CONFIG_FILE);
  const before = readFileSync(path, 'utf8');
  const entry = `routes = [\n${routes.map((route) => `  ${inline(route)},\n`).join('')}]`;
  const after = withRoutes(before, environment, entry);
  const wanted = parse(before);
  const table = environment === undefined ? wanted : environmentIn(wanted, environment);
  if (table) table['routes'] = routes.map(entryOf);
  if (!table || !isSameToml(parse(after), wanted)) {
    const place = environment === undefined ? 'above its first table' : `into [env.${environment}]`;
    throw new OperatorProblem(`Put this into ${CONFIG_FILE} yourself, ${place}:\n${entry}`);
  }
  replaceFile(path, after);
}

const entryOf = ({ pattern, zone }: Route): TomlTable =>
  zone === undefined ? { pattern, custom_domain: true } : { pattern, zone_name: zone };

const inline = (route: Route) =>
  `{ ${Object.entries(entryOf(route))
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join(', ')} }`;

function environmentIn({ env }: TomlTable, name: string): TomlTable | undefined {
  const table = isTable(env) ? env[name] : undefined;
  return isTable(table) ? table : undefined;
}

const isHeader = (line: string) => /^\s*\[/.test(line);

function withRoutes(text: string, environment: string | undefined, entry: string): string {
  const lines = text.split('\n');
  const header = lines.findIndex((line) => line.trim() === `[env.${environment}]`);
  if (environment !== undefined && header === -1) return text;
  const next = lines.findIndex((line, index) => index > header && isHeader(line));
  const end = next === -1 ? lines.length : next;
  const old = lines.findIndex(
    (line, index) => index > header && index < end && /^\s*routes\s*=\s*\[\s*\]\s*$/.test(line),
  );
  if (old !== -1) return lines.with(old, entry).join('\n');
  if (environment !== undefined) return lines.toSpliced(header + 1, 0, entry).join('\n');
  // The comment above the first table is about that table.
  let at = end;
  while (at > 0 && lines[at - 1]?.startsWith('#')) at -= 1;
  const note = '# Where visitors reach the Worker.';
  return lines.toSpliced(at, 0, note, entry, '').join('\n');
}
