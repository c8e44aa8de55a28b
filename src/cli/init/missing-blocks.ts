import { nameOf, stringIn, tablesIn, type Table } from '../config-file/table.ts';
import { namespaceId } from '../rate-limits.ts';
import { blocksIn, type Block } from './template.ts';

// What a mount needs: how portal-link signs people in, and how its Worker runs, is the host's.
const OF_A_MOUNT = new Set(['d1_databases', 'ratelimits', 'triggers', 'vars']);

/**
 * The tables of the template that a Worker lacks, in TOML, with names of its own.
 *
 * @param isMount  the Worker is the operator's own
 */
export function missingBlocks(given: Table, template: string, isMount: boolean): string[] {
  const name = stringIn(given, 'name') ?? 'portal-link';
  return blocksIn(template)
    .filter((block) => block.name !== 'secrets' && !has(given, block))
    .filter((block) => !isMount || OF_A_MOUNT.has(block.name))
    .map((block) => withOwnCounters(block, name))
    .map((text) => (isMount ? withOwnDatabase(withoutIdentity(text), name) : text));
}

/** Whether the configuration has this table. Bindings go by their names. */
function has(given: Table, { name, content }: Block): boolean {
  const wanted = content[name];
  const there = given[name];
  if (!Array.isArray(wanted)) return there !== undefined;
  const names = new Set(tablesIn(there).map(nameOf));
  return tablesIn(wanted).every((each) => names.has(nameOf(each)));
}

/** Workers of one account that use the same namespace_id also use the same counters. */
function withOwnCounters({ text, content }: Block, worker: string): string {
  const [limit] = tablesIn(content['ratelimits']);
  const id = namespaceId(worker, stringIn(limit ?? {}, 'name') ?? '');
  return text.replace(/^namespace_id = .*$/m, `namespace_id = "${id}"`);
}

/** A second app of the account must not get the database of the first. */
const withOwnDatabase = (text: string, worker: string) =>
  text.replace(/^database_name = .*$/m, `database_name = "${worker}-billing"`);

/** Without the settings that say who signs people in, and the comments above them. */
const withoutIdentity = (text: string) =>
  text.replace(/(?:^#.*\n)*(?:^(?:AUTH|SESSION)_\w+ = .*(?:\n|$))+\n*/gm, '');
