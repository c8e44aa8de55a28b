import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

let tables: Promise<unknown> | undefined;

/** Gives D1 and its replica their tables, once for all files of a worker. */
export async function createTables(): Promise<void> {
  tables ??= Promise.all(
    [env.DB, env.REPLICA].map(async (database) => applyD1Migrations(database, env.TEST_MIGRATIONS)),
  );
  await tables;
}
