import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export type Database = { name: string; uuid: string; sqlite: DatabaseSync };
export type Binding = { name: string; type: string; text?: string };
export type Script = {
  secrets: Map<string, string>;
  bindings: Binding[];
  crons: string[];
  /** False for the draft that `wrangler secret put` makes of a Worker that is not there yet. */
  deployed: boolean;
};

/** A Cloudflare account in memory, open to tests. */
export class CloudflareAccount {
  readonly id = '0123456789abcdef0123456789abcdef';
  readonly token = 'cf-token-of-the-tests-0123456789abcdef';
  readonly databases = new Map<string, Database>();
  readonly scripts = new Map<string, Script>();
  /** What was asked for, such as `PUT /workers/scripts/portal-link/secrets`. */
  readonly requests: string[] = [];
  /** Requests that match fail, as in an outage. */
  failing: RegExp | undefined;

  /** Makes a database without tables. */
  createDatabase(name: string): Database {
    const database = { name, uuid: randomUUID(), sqlite: new DatabaseSync(':memory:') };
    this.databases.set(name, database);
    return database;
  }
}
