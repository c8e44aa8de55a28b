import {
  evaluate,
  parse,
  traverse,
  type ArrayNode,
  type DocumentNode,
  type ObjectNode,
  type Token,
  type ValueNode,
} from '@humanwhocodes/momoa';
import { isTable, type Table, type Value } from './table.ts';

export type Tree = { root: ObjectNode; tokens: Token[]; table: Table };

/** @throws SyntaxError with line and column, if Wrangler could not read it or would pass over a part */
export function readTree(text: string): Tree {
  const { body, tokens = [] } = parsed(text);
  const table = evaluate(body);
  if (body.type !== 'Object' || !isTable(table)) {
    throw new SyntaxError('line 1: the settings have to be in { and }.');
  }
  refuseControlCharacters(text, tokens);
  refuseDuplicates(body);
  return { root: body, tokens, table };
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { mode: 'jsonc', tokens: true, allowTrailingCommas: true });
  } catch (error) {
    const place = /\((\d+):(\d+)\)$/.exec(error instanceof Error ? error.message : '');
    if (!place) throw error;
    const [line = 1, column = 1] = place.slice(1).map(Number);
    const found = shownAt(
      text
        .split('\n')
        .at(line - 1)
        ?.slice(column - 1) ?? '',
    );
    throw new SyntaxError(
      `line ${line}, column ${column}: ${found ? `\`${found}\` is` : 'the end is'} not expected here. Look there and just before for a comma, a quote or a bracket that is missing or too many.`,
      { cause: error },
    );
  }
}

/** The key at the beginning, or a character: what follows may be a secret. */
const shownAt = (rest: string) => /^("\w+")\s*:/.exec(rest)?.[1] ?? rest.trim().charAt(0);

/** The parser takes them, and Wrangler refuses the file for them. */
function refuseControlCharacters(text: string, tokens: readonly Token[]): void {
  for (const { type, loc } of tokens) {
    if (type !== 'String') continue;
    const within = text.slice(loc.start.offset, loc.end.offset).search(/\p{Cc}/u);
    if (within === -1) continue;
    const before = text.slice(0, loc.start.offset + within).split('\n');
    throw new SyntaxError(
      `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: a string cannot have a tab, a line end or another control character in it. Write \\t, \\n or \\u and four digits.`,
    );
  }
}

/** Of two entries with one name, Wrangler reads the last, and nobody sees it. */
function refuseDuplicates(root: ObjectNode): void {
  traverse(root, {
    enter(node) {
      if (node.type !== 'Object') return;
      const lines = new Map<string, number>();
      for (const { name, loc } of membersOf(node)) {
        const before = lines.get(name);
        if (before !== undefined) {
          throw new SyntaxError(
            `line ${loc.start.line}, column ${loc.start.column}: "${name}" is there a second time, first in line ${before}. Make one of them.`,
          );
        }
        lines.set(name, loc.start.line);
      }
    },
  });
}

/** The entries of a table. */
export const membersOf = (node: ObjectNode | { type: string }) =>
  isObject(node)
    ? node.members.map(({ name, value, loc }) => ({
        name: name.type === 'String' ? name.value : name.name,
        value,
        loc,
      }))
    : [];

export const isObject = (node: { type: string }): node is ObjectNode => node.type === 'Object';

/** The items of a list. */
export function itemsOf(node: ArrayNode): Value[] {
  return node.elements.map(({ value }) => evaluate(value));
}

/** The value of an entry; undefined if the table has none of this name. */
export const valueOf = (node: ObjectNode, name: string): ValueNode | undefined =>
  membersOf(node).find((member) => member.name === name)?.value;
