import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { getPlatformProxy } from 'wrangler';

/** Apart from the state of `wrangler dev`, so that trying out destroys nothing. */
export const DEMO_STATE = '.wrangler/demo';

/** Makes a new local D1 with all migrations, and hands it to `fill`. */
export async function withDemoDatabase(
  fill: (database: D1Database) => Promise<void>,
): Promise<void> {
  await rm(DEMO_STATE, { recursive: true, force: true });
  const migrate = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', DEMO_STATE];
  await promisify(execFile)('wrangler', migrate, { env: { ...process.env, CI: 'true' } });
  // The demo brings its own secrets; wrangler need not warn that .dev.vars has none.
  process.env['WRANGLER_LOG'] = 'error';
  const { env, dispose } = await getPlatformProxy<Env>({
    persist: { path: `${DEMO_STATE}/v3` },
    remoteBindings: false,
  });
  try {
    await fill(env.DB);
  } finally {
    await dispose();
  }
}
