import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import * as v from 'valibot';
import type { CloudflareApi } from '../../src/cli/cloudflare/api.ts';
import { createRemoteDatabase } from '../../src/cli/d1/remote.ts';
import { emptyTables } from '../database.ts';
import { migrate } from './local-database.ts';

// Answers as Cloudflare's query API does, with the D1 of workerd behind it.
const QUERY_API = `export default {
  async fetch(request, { DB }) {
    const body = await request.json();
    const prepare = ({ sql, params }) => DB.prepare(sql).bind(...params);
    try {
      return Response.json({ result: await DB.batch((body.batch ?? [body]).map(prepare)) });
    } catch ({ message }) {
      return Response.json({ message });
    }
  },
}`;
const answer = v.object({ result: v.optional(v.unknown()), message: v.optional(v.string()) });

let started: Promise<D1Database> | undefined;

/**
 * A real D1 that has its tables and no rows. The tests that one worker runs share it, one after the
 * other. Wrangler's proxy of one crosses to workerd and back three times for a statement, twice of
 * them while this process stands still; here it is once.
 */
export async function migratedDatabase(): Promise<D1Database> {
  started ??= start();
  const database = await started;
  await emptyTables(database);
  return database;
}

async function start(): Promise<D1Database> {
  // It ends with this process.
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: QUERY_API,
      d1Databases: ['DB'],
      compatibilityDate: '2026-10-30',
    }),
  );
  const address = await miniflare.ready;
  const api: CloudflareApi = async (_path, schema, body) => {
    const response = await fetch(address, { method: 'POST', body: JSON.stringify(body) });
    const { result, message } = v.parse(answer, await response.json());
    if (message !== undefined) throw new Error(message);
    return v.parse(schema, result);
  };
  const database = createRemoteDatabase(api, 'ours');
  await migrate(database);
  return database;
}
