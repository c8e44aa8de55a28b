import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { operatorSql } from './operator-sql.ts';
import { databaseTarget, type Target } from './target.ts';
import { complaint, listIn, type Wrangler } from './wrangler.ts';

export type Answer<Row> = { kind: 'rows'; rows: Row[] } | { kind: 'failed'; reason: string };

/** Asks D1, here or at Cloudflare, by way of wrangler. */
export async function queryD1<Row>(
  target: Target,
  wrangler: Wrangler,
  sql: string,
  row: v.GenericSchema<unknown, Row>,
): Promise<Answer<Row>> {
  const command = sql.replaceAll(/\s+/g, ' ').trim();
  const args = ['d1', 'execute', 'DB', '--json', '--command', command, ...databaseTarget(target)];
  const result = await wrangler(args);
  if (result.status !== 0) return { kind: 'failed', reason: complaint(result) };
  const answers = listIn(result, v.object({ results: v.array(row) }));
  if (!answers) return { kind: 'failed', reason: 'wrangler’s answer cannot be read' };
  return { kind: 'rows', rows: answers[0]?.results ?? [] };
}

export type Migrations =
  | { kind: 'read'; pending: string[]; lastAppliedAt: Date | undefined }
  | { kind: 'failed'; reason: string };

// SQLite's current_timestamp is UTC and does not say so.
const utc = v.pipe(
  v.string(),
  v.transform((text) => new Date(`${text.replace(' ', 'T')}Z`)),
);
const applied = v.object({ name: v.string(), appliedAt: utc });

/** Which files of `migrations/` this D1 has not seen. */
export async function readMigrations(target: Target, wrangler: Wrangler): Promise<Migrations> {
  const files = readdirSync(join(target.directory, 'migrations')).filter((name) =>
    name.endsWith('.sql'),
  );
  const answer = await queryD1(target, wrangler, operatorSql.appliedMigrations, applied);
  if (answer.kind === 'failed' && !/no such table/.test(answer.reason)) return answer;
  const rows = answer.kind === 'rows' ? answer.rows : [];
  const names = new Set(rows.map(({ name }) => name));
  const last = rows.at(-1)?.appliedAt;
  return {
    kind: 'read',
    pending: files.filter((name) => !names.has(name)).toSorted(),
    lastAppliedAt: last,
  };
}
