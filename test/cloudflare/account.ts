import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export type Database = {
  name: string;
  uuid: string;
  sqlite: DatabaseSync;
  inTurn: ReturnType<typeof createTurns>;
};
export type Binding = { name: string; type: string; text?: string; namespace_id?: string };
export type Script = {
  secrets: Map<string, string>;
  bindings: Binding[];
  crons: string[];
  /** The code that was uploaded last, by the names of its modules. */
  modules: Map<string, string>;
  /** The runtime that it was uploaded for. */
  runtime: { compatibilityDate: string; compatibilityFlags: string[] };
  /** Patterns, and custom domains. */
  routes: string[];
  domains: string[];
  /** False for the draft that `wrangler secret put` makes of a Worker that is not there yet. */
  deployed: boolean;
};

const MOST_REQUESTS = 1_200;
const WINDOW = 300_000;

/** A Cloudflare account in memory, open to tests. */
export class CloudflareAccount {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** The account's part of workers.dev. */
  readonly subdomain: string;
  /** Domains of the account. */
  readonly zones = new Set<string>();
  mayReadZones = true;
  readonly databases = new Map<string, Database>();
  readonly scripts = new Map<string, Script>();
  /** What was asked for, such as `PUT /workers/scripts/portal-link/secrets`. */
  readonly requests: string[] = [];
  /** Requests that match fail, as in an outage. */
  failing: RegExp | undefined;
  /** How many requests are refused next, because there were too many before. */
  refusals = 0;
  /** How many were refused for that reason. */
  refused = 0;
  /** When requests were made within the last five minutes, in milliseconds. */
  readonly times: number[] = [];
  /** Until when all are refused. */
  blockedUntil = 0;

  /** @param digit  makes the ids of several accounts differ */
  constructor(name: string, digit = '0') {
    this.name = name;
    this.id = `${digit}123456789abcdef0123456789abcdef`;
    this.token = `cf-token-of-the-tests-${digit}123456789abcdef`;
    this.subdomain = name.toLowerCase().replaceAll(' ', '-');
  }

  /**
   * Counts a request. More than 1,200 in five minutes are refused, and all others for as long.
   * https://developers.cloudflare.com/fundamentals/api/reference/limits/
   *
   * @returns how many seconds are to be waited; 0 if the request may be made
   */
  secondsToWait(): number {
    const now = Date.now();
    while ((this.times[0] ?? now) <= now - WINDOW) this.times.shift();
    if (this.times.length >= MOST_REQUESTS) this.blockedUntil = now + WINDOW;
    if (now < this.blockedUntil) {
      this.times.length = 0;
      return Math.ceil((this.blockedUntil - now) / 1000);
    }
    this.times.push(now);
    return 0;
  }

  /** Makes a database without tables. */
  createDatabase(name: string): Database {
    const sqlite = new DatabaseSync(':memory:');
    const database = { name, uuid: randomUUID(), sqlite, inTurn: createTurns() };
    this.databases.set(name, database);
    return database;
  }

  /** Makes a deployed Worker. */
  createWorker(
    name: string,
    secrets: Record<string, string> = {},
    bindings: Binding[] = [],
  ): Script {
    const script = {
      secrets: new Map(Object.entries(secrets)),
      bindings,
      crons: [],
      modules: new Map<string, string>(),
      runtime: { compatibilityDate: '2026-10-30', compatibilityFlags: [] },
      routes: [],
      domains: [],
      deployed: true,
    };
    this.scripts.set(name, script);
    return script;
  }
}

/** D1 does one thing at a time, for its Workers and its API together. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return async <T>(work: () => T | Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
