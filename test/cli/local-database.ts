import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { openLocalDatabase } from '../../src/cli/d1/local.ts';
import { configBeside } from '../with-email.ts';

/** A real local D1 in a folder of its own, as `wrangler dev --persist-to` would use it. */
export async function openTestDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'portal-link-d1-'));
  writeFileSync(join(folder, 'wrangler.toml'), stringify(configBeside()));
  const opened = await openLocalDatabase(folder, folder);
  if (opened.kind !== 'open') throw new Error('A local database is always there.');
  const { database } = opened;
  return {
    folder,
    database,
    close: async () => {
      await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The statements of all migrations, with the notes that wrangler keeps of them. */
export function migrations(): string[] {
  const files = readdirSync('migrations').filter((name) => name.endsWith('.sql'));
  const statements = files
    .toSorted()
    .flatMap((name) => [
      ...readFileSync(`migrations/${name}`, 'utf8').split('--> statement-breakpoint'),
      `insert into d1_migrations (name) values ('${name}')`,
    ]);
  return [
    `create table d1_migrations (id integer primary key autoincrement, name text unique,
      applied_at timestamp default current_timestamp not null)`,
    ...statements,
  ];
}

export async function migrate(database: D1Database): Promise<void> {
  await database.batch(migrations().map((statement) => database.prepare(statement)));
}
