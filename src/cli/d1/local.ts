import { join, resolve } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import type { Opened } from '../shell.ts';
import { systemProblem } from '../system-fault.ts';
import { configFileIn } from '../config-file/find.ts';

/**
 * Opens the D1 of `wrangler dev`, or the one below `folder`, as its `--persist-to`.
 *
 * @throws OperatorProblem if the system does not let it
 */
export async function openLocalDatabase(
  directory: string,
  folder = join('.wrangler', 'state'),
): Promise<Opened> {
  // Otherwise wrangler warns here of secrets that only the Worker needs.
  process.env['WRANGLER_LOG'] ??= 'error';
  process.on('newListener', leaveInterruptsToUs);
  try {
    const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
      configPath: join(directory, configFileIn(directory)),
      environment: '',
      persist: { path: resolve(directory, folder, 'v3') },
      remoteBindings: false,
    });
    return { kind: 'open', database: env.DB, close: dispose };
  } catch (error) {
    throw systemProblem(error) ?? error;
  } finally {
    process.off('newListener', leaveInterruptsToUs);
  }
}

/** Miniflare's listener would end the process before a command has said how far it came. */
function leaveInterruptsToUs(event: string | symbol, listener: () => void): void {
  if (event === 'SIGINT') queueMicrotask(() => process.off('SIGINT', listener));
}
