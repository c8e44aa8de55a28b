import { isDeepStrictEqual } from 'node:util';
import type { ObjectNode, ValueNode } from '@humanwhocodes/momoa';
import type { Format, TablePath } from './format.ts';
import { membersFrom } from './jsonc-blocks.ts';
import { indentAt, insertion, isComment, withEdits, type Edit } from './jsonc-insert.ts';
import { memberIn, partIn, valueIn, type Member } from './jsonc-text.ts';
import { withLineEnds } from './line-ends.ts';
import { isObject, itemsOf, readTree, valueOf, type Tree } from './jsonc-tree.ts';
import { isSame, isTable, type Table, type Value } from './table.ts';

/** Wrangler's format of today, JSON with comments. Only what changes is written anew. */
export const jsonc: Format = formatWith(membersFrom);

/** The same with a name that makes editors expect no comments. Those that are there stay. */
export const json: Format = formatWith((blocks) =>
  membersFrom(blocks).map(({ name, value }) => ({ name, value })),
);

function formatWith(membersOf: typeof membersFrom): Format {
  return {
    read: (text) => readTree(text).table,
    withEntry: (text, table, { key, value }) => withMember(text, table, { name: key, value }),
    withRoutes: (text, environment, _, all) =>
      withMember(text, environment === undefined ? [] : ['env', environment], {
        name: 'routes',
        value: all,
      }),
    withEnvironment: (text, name, value) => withMember(text, ['env'], { name, value }),
    withBlocks(text, blocks) {
      let after: string | undefined = text;
      for (const member of membersOf(blocks)) {
        const old: Value | undefined = after && readTree(after).table[member.name];
        const value: Value =
          Array.isArray(old) && Array.isArray(member.value)
            ? [...old, ...member.value]
            : member.value;
        after = after && withMember(after, [], { ...member, value });
      }
      return after;
    },
    isByLine: false,
    tableName: shownPath,
    listName: shownPath,
    shown: ({ key, value }) => memberIn('', { name: key, value })(''),
    shownBlocks: (blocks) =>
      membersOf(blocks)
        .map((member) => `${memberIn('', member)('')},`)
        .join('\n'),
    newEnvironment: (name, value) => ['into "env"', [memberIn('', { name, value })('')]],
    top: 'in its outer braces',
  };
}

function shownPath(...path: TablePath): string {
  if (path.length === 1) return JSON.stringify(path[0]);
  return path.map((key) => (key.includes('.') ? JSON.stringify(key) : key)).join('.');
}

/** The text with an entry in a table, which is made if it is missing. */
function withMember(text: string, path: TablePath, member: Member): string | undefined {
  const tree = readTree(text);
  const wanted = withValue(tree.table, path, member);
  if (isSame(tree.table, wanted)) return text;
  const edits = editsFor(text, tree, path, member);
  if (!edits) return undefined;
  const after = withEdits(text, edits);
  return isSame(readTree(after).table, wanted) ? after : undefined;
}

function withValue(table: Table, [first, ...rest]: TablePath, member: Member): Table {
  if (first === undefined) return { ...table, [member.name]: member.value };
  const inner = table[first] ?? {};
  return { ...table, [first]: withValue(isTable(inner) ? inner : {}, rest, member) };
}

function editsFor(
  text: string,
  { root, tokens }: Tree,
  path: TablePath,
  member: Member,
): Edit[] | undefined {
  let table: ObjectNode = root;
  for (const [at, name] of path.entries()) {
    const inner = valueOf(table, name);
    if (!inner) {
      const value = withValue({}, path.slice(at + 1), member);
      return insertion(text, tokens, table, [memberIn(text, { name, value })], 'last');
    }
    if (!isObject(inner)) return undefined;
    table = inner;
  }
  const old = valueOf(table, member.name);
  return old
    ? replacement(text, tokens, old, member)
    : insertion(text, tokens, table, [memberIn(text, member)], 'last');
}

/** Items of a list stay as they are written, if they only get more before or behind them. */
function replacement(
  text: string,
  tokens: Tree['tokens'],
  old: ValueNode,
  { value, parts }: Member,
): Edit[] | undefined {
  const from = old.loc.start.offset;
  const to = old.loc.end.offset;
  if (old.type === 'Array' && Array.isArray(value)) {
    const there = itemsOf(old);
    const more = value.length - there.length;
    const entries = (items: readonly Value[]) =>
      items.map((item, at) => partIn(text, parts?.[at] ?? { value: item }));
    if (more > 0 && isDeepStrictEqual(value.slice(0, there.length), there)) {
      return insertion(text, tokens, old, entries(value.slice(there.length)), 'last');
    }
    if (more > 0 && isDeepStrictEqual(value.slice(more), there)) {
      return insertion(text, tokens, old, entries(value.slice(0, more)), 'first');
    }
  }
  const isWithin = ({ loc }: Tree['tokens'][number]) =>
    loc.start.offset > from && loc.end.offset < to;
  if (tokens.some((token) => isComment(token) && isWithin(token))) return undefined;
  const written = valueIn(text, value, indentAt(text, from));
  return [{ from, to, text: withLineEnds(written, text) }];
}
