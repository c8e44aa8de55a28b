import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse, stringify } from 'smol-toml';
import type { Database, Script } from '../cloudflare/account.ts';
import { startDev, type Dev, type Folder } from './operator.ts';

const DATABASE = { binding: 'DB', database_name: 'portal-link', database_id: 'portal-link' };

/**
 * What Cloudflare does with an upload: it runs it as it is, in workerd, on the Worker's D1. A new
 * one takes over between two requests, and those that have begun end where they began. Processes
 * that share a file of SQLite would find it locked, so they take turns, as at a D1.
 */
export class Deployed {
  readonly #folder: Folder;
  readonly #database: Database;
  readonly #workers: Dev[] = [];

  /** @param folder  has Wrangler; the files of D1 come into it */
  constructor(folder: Folder, database: Database) {
    this.#folder = folder;
    this.#database = database;
  }

  /** Lets Cloudflare's API reach the D1, which has no tables yet. */
  async open(): Promise<void> {
    const directory = this.#prepare('empty', {});
    writeFileSync(join(directory, 'index.js'), 'export default {};');
    const touch = ['d1 execute DB --local --command', 'select(1)', `--persist-to ${this.#state}`];
    await this.#folder.succeed(
      `npx wrangler ${touch.join(' ')} --config ${directory}/wrangler.toml`,
    );
    const files = join(this.#state, 'v3/d1/miniflare-D1DatabaseObject');
    const file = readdirSync(files).find((name) => /^[0-9a-f]+\.sqlite$/.test(name));
    this.#database.sqlite = new DatabaseSync(join(files, file!), { timeout: 10_000 });
  }

  /** Runs what was uploaded. */
  async serve({ bindings, secrets, modules }: Script): Promise<void> {
    const limits = bindings.filter(({ type }) => type === 'ratelimit');
    const texts = bindings.flatMap(({ name, text }) => (text === undefined ? [] : [[name, text]]));
    const directory = this.#prepare(`upload-${this.#workers.length}`, {
      vars: { ...Object.fromEntries(texts), ...Object.fromEntries(secrets) },
      ratelimits: limits.map(({ name }, index) => ({
        name,
        namespace_id: String(index + 1),
        simple: { limit: 100_000, period: 60 },
      })),
    });
    for (const [name, text] of modules) writeFileSync(join(directory, name), text);
    const options = ['--config', `${directory}/wrangler.toml`, '--persist-to', this.#state];
    this.#workers.push(await this.#database.inTurn(() => startDev(this.#folder, options)));
  }

  async fetch(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#database.inTurn(() =>
      fetch(`${this.#workers.at(-1)!.origin}${path}`, { headers, redirect: 'manual' }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(async ({ stop }) => stop()));
    this.#database.sqlite.close();
  }

  get #state(): string {
    return this.#folder.path('cloudflare/state');
  }

  #prepare(name: string, settings: object): string {
    const directory = this.#folder.path(`cloudflare/${name}`);
    mkdirSync(directory, { recursive: true });
    const given = parse(this.#folder.read('wrangler.toml'));
    const config = {
      name: 'portal-link',
      main: 'index.js',
      no_bundle: true,
      compatibility_date: given['compatibility_date'],
      compatibility_flags: given['compatibility_flags'],
      ...settings,
      d1_databases: [DATABASE],
    };
    writeFileSync(join(directory, 'wrangler.toml'), stringify(config));
    return directory;
  }
}
