import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { getPlatformProxy } from 'wrangler';

/** Makes a local D1 with all migrations in this folder, and hands it to `fill`. */
export async function withDemoDatabase(
  state: string,
  fill: (database: D1Database) => Promise<void>,
): Promise<void> {
  const migrate = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state];
  await promisify(execFile)('wrangler', migrate, { env: { ...process.env, CI: 'true' } });
  // The demo brings its own secrets; wrangler need not warn that .dev.vars has none.
  process.env['WRANGLER_LOG'] = 'error';
  const { env, dispose } = await getPlatformProxy<Env>({
    persist: { path: `${state}/v3` },
    remoteBindings: false,
  });
  try {
    await fill(env.DB);
  } finally {
    await dispose();
  }
}
