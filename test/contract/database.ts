import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

/** A real D1 with all tables, for those functions of src that write what Stripe answers. */
export async function openDatabase(): Promise<{
  database: D1Database;
  close: () => Promise<void>;
}> {
  // No secrets are needed; wrangler need not warn that .dev.vars has none.
  process.env['WRANGLER_LOG'] = 'error';
  const { env, dispose } = await getPlatformProxy<Env>({
    configPath: 'test/as-it-comes/wrangler.toml',
    persist: false,
    remoteBindings: false,
  });
  for (const name of readdirSync(MIGRATIONS)
    .filter((each) => each.endsWith('.sql'))
    .toSorted()) {
    const statements = readFileSync(join(MIGRATIONS, name), 'utf8').split(
      '--> statement-breakpoint',
    );
    await env.DB.batch(statements.map((statement) => env.DB.prepare(statement)));
  }
  return { database: env.DB, close: dispose };
}
