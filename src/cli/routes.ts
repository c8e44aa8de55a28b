import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import { byHand, replaceFile } from './files.ts';
import { CONFIG_FILE } from './target.ts';
import { insertions, readsAs, replacements, toPair, withLines } from './toml-entry.ts';
import { isTable } from './toml.ts';

/** An address of the Worker: a pattern in a zone, or without a zone a host that Cloudflare makes. */
export type Route = { pattern: string; zone?: string };

/**
 * Adds routes of the Worker to wrangler.toml. Everything else stays as it is, comments included.
 *
 * @param environment  the name of [env.NAME]; undefined for the top level
 * @throws OperatorProblem if the file's layout does not allow it
 */
export function setRoutes(
  directory: string,
  environment: string | undefined,
  routes: readonly Route[],
): void {
  const path = join(directory, CONFIG_FILE);
  const text = readFileSync(path, 'utf8');
  const after = withRoutes(text, environment, routes);
  if (after === undefined) {
    const { place, lines } = routesByHand(text, environment, routes);
    throw byHand(place, lines);
  }
  replaceFile(path, after);
}

/** The text of wrangler.toml with these routes, too; undefined if its layout does not allow it. */
export function withRoutes(
  text: string,
  environment: string | undefined,
  routes: readonly Route[],
): string | undefined {
  const wanted = parse(text);
  const table = environment === undefined ? wanted : environmentIn(wanted, environment);
  // Wrangler refuses a file with both.
  if (!table || table['route'] !== undefined) return undefined;
  const value = [...routes.map(entryOf), ...others(table['routes'], routes)];
  table['routes'] = value;
  const entry = { key: 'routes', value };
  const candidates = [
    ...replacements(text, entry),
    ...blocksBefore(text, environment, routes),
    ...(environment === undefined
      ? atTop(text, toPair(entry))
      : insertions(text, `env.${environment}`, entry)),
  ];
  return candidates.find((after) => readsAs(after, wanted));
}

/** What an operator has to write, and where, if setup cannot. */
export function routesByHand(
  text: string,
  environment: string | undefined,
  routes: readonly Route[],
): { place: string; lines: string[] } {
  const file = parse(text);
  const table = environment === undefined ? file : (environmentIn(file, environment) ?? {});
  const where = environment === undefined ? 'above its first table' : `in [env.${environment}]`;
  const { route } = table;
  const place = route === undefined ? where : `${where}, in place of route`;
  const old = route === undefined ? table['routes'] : [route];
  const value = [...routes.map(entryOf), ...others(old, routes)];
  return { place, lines: [toPair({ key: 'routes', value })] };
}

const entryOf = ({ pattern, zone }: Route): TomlTable =>
  zone === undefined ? { pattern, custom_domain: true } : { pattern, zone_name: zone };

/** The routes that the file has beside these. */
function others(old: TomlValue | undefined, routes: readonly Route[]): TomlValue[] {
  if (!Array.isArray(old)) return [];
  const patterns = new Set<TomlValue | undefined>(routes.map(({ pattern }) => pattern));
  return old.filter((each) => !patterns.has(isTable(each) ? each['pattern'] : each));
}

function environmentIn({ env }: TomlTable, name: string): TomlTable | undefined {
  const table = isTable(env) ? env[name] : undefined;
  return isTable(table) ? table : undefined;
}

/** Tables of their own, above those that the file has. */
function* blocksBefore(
  text: string,
  environment: string | undefined,
  routes: readonly Route[],
): Generator<string> {
  const header = environment === undefined ? '[[routes]]' : `[[env.${environment}.routes]]`;
  const at = text.split('\n').findIndex((line) => line.trim().startsWith(header));
  if (at === -1) return;
  const blocks = routes.map((route) => {
    const pairs = Object.entries(entryOf(route)).map(([key, value]) => toPair({ key, value }));
    return `${header}\n${pairs.join('\n')}\n`;
  });
  yield withLines(text, at, blocks);
}

/** Above the first table, or else above everything. */
function* atTop(text: string, entry: string): Generator<string> {
  const lines = text.split('\n');
  const added = ['# Where visitors reach the Worker.', ...entry.split('\n'), ''];
  const header = lines.findIndex((line) => /^\s*\[/.test(line));
  let at = header === -1 ? lines.length : header;
  // The comment above the first table is about that table.
  while (at > 0 && lines[at - 1]?.startsWith('#')) at -= 1;
  yield withLines(text, at, added);
  yield withLines(text, 0, added);
}
