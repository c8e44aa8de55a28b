import * as v from 'valibot';
import { formatOf } from '../config-file/formats.ts';
import { OperatorProblem } from '../problem.ts';
import type { OpenDatabase, Shell } from '../shell.ts';
import { setupCommand, type Target } from '../target.ts';
import { CloudflareRefusal, connectToCloudflare, type CloudflareApi } from '../cloudflare/api.ts';
import { openLocalDatabase } from './local.ts';
import { createRemoteDatabase } from './remote.ts';

/** Opens the local D1 through wrangler, one at Cloudflare through its query API. */
export const openDatabase: OpenDatabase = async (shell, target, folder) => {
  const name = databaseNameOf(target);
  if (target.place === 'local') return openLocalDatabase(target.directory, folder);
  const { api } = await connectToCloudflare(shell, target.accountId);
  const id = await findDatabase(api, target, name);
  if (id === undefined) return { kind: 'absent', name };
  return { kind: 'open', database: createRemoteDatabase(api, id), close: async () => {} };
};

/** A database, as Cloudflare lists it. */
export const description = v.object({ uuid: v.string(), name: v.string() });

async function findDatabase(
  api: CloudflareApi,
  { databaseId: id, configFile }: Target,
  name: string,
): Promise<string | undefined> {
  if (id === undefined) {
    const found = await api(`/d1/database?name=${encodeURIComponent(name)}`, v.array(description));
    return found.find((database) => database.name === name)?.uuid;
  }
  try {
    return (await api(`/d1/database/${encodeURIComponent(id)}`, description)).uuid;
  } catch (error) {
    if (!(error instanceof CloudflareRefusal) || error.status !== 404) throw error;
    throw new OperatorProblem(
      `This Cloudflare account has no D1 database ${id}. Correct database_id in ${configFile}, or remove it.`,
    );
  }
}

/** @throws OperatorProblem if the configuration binds no D1 as DB */
export function databaseNameOf({ databaseName, environment, configFile }: Target): string {
  if (databaseName !== undefined) return databaseName;
  const { listName } = formatOf(configFile);
  const path = environment === undefined ? [] : ['env', environment];
  throw new OperatorProblem(
    `${configFile} has no ${listName(...path, 'd1_databases')} with the binding "DB" and a database_name.`,
  );
}

/**
 * Runs `work` on the D1 of this Worker and closes it.
 *
 * @throws OperatorProblem if the database does not exist
 */
export async function withDatabase<T>(
  shell: Shell,
  target: Target,
  folder: string | undefined,
  work: (database: D1Database) => Promise<T>,
): Promise<T> {
  const opened = await shell.openDatabase(shell, target, folder);
  if (opened.kind === 'absent') {
    throw new OperatorProblem(
      `Cloudflare has no D1 database ${opened.name}. Run ${setupCommand(target)}.`,
    );
  }
  try {
    return await work(opened.database);
  } finally {
    await opened.close();
  }
}
