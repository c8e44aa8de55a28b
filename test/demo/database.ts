import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { getPlatformProxy } from 'wrangler';
import type { Workspace } from '../with-email.ts';

/** Makes a local D1 with all migrations in the folder `state`, and hands it to `fill`. */
export async function withDemoDatabase(
  { configPath }: Workspace,
  state: string,
  fill: (database: D1Database) => Promise<void>,
): Promise<void> {
  const migrate = ['d1', 'migrations', 'apply', 'DB', '--local', '--config', configPath];
  migrate.push('--persist-to', state);
  await promisify(execFile)('wrangler', migrate, { env: { ...process.env, CI: 'true' } });
  // The demo brings its own secrets; wrangler need not warn that .dev.vars has none.
  process.env['WRANGLER_LOG'] = 'error';
  const { env, dispose } = await getPlatformProxy<Env>({
    configPath,
    persist: { path: `${state}/v3` },
    remoteBindings: false,
  });
  try {
    await fill(env.DB);
  } finally {
    await dispose();
  }
}
