import type { ArrayNode, ObjectNode, Token } from '@humanwhocodes/momoa';
import { withLineEnds } from './line-ends.ts';

/** Text that goes in at one place, in place of what stands between `from` and `to`. */
export type Edit = { from: number; to: number; text: string };

/**
 * Writes one more entry.
 *
 * @param indent  what its lines begin with; undefined if all of it has to be on one line
 */
export type Render = (indent: string | undefined) => string;

/** The changes that put entries behind the last one in these brackets, or before the first one. */
export function insertion(
  text: string,
  tokens: readonly Token[],
  container: ArrayNode | ObjectNode,
  entries: readonly Render[],
  where: 'first' | 'last',
): Edit[] {
  const children = container.type === 'Array' ? container.elements : container.members;
  const open = container.loc.start.offset + 1;
  const close = container.loc.end.offset - 1;
  const [first] = children;
  const last = children.at(-1);
  if (!first || !last) return [intoEmpty(text, open, close, entries)];
  const start = first.loc.start.offset;
  const end = last.loc.end.offset;
  const indent = indentAt(text, where === 'first' ? start : end);
  const isOneLine = !text
    .slice(where === 'first' ? open : end, where === 'first' ? start : close)
    .includes('\n');
  const items = entries.map((render) => render(isOneLine ? undefined : indent));
  if (where === 'first') {
    if (isOneLine) return [at(start, items.map((item) => `${item}, `).join(''))];
    const anchor = endOfLine(text, tokens, open);
    return [at(anchor, lines(text, items.map((item) => `\n${indent}${item},`).join('')))];
  }
  const comma = tokens.find((token) => token.loc.start.offset >= end && !isComment(token));
  const hasComma = comma?.type === 'Comma';
  const from = hasComma ? comma.loc.end.offset : end;
  const missing = hasComma ? [] : [at(end, ',')];
  if (isOneLine) return [...missing, at(from, ` ${items.join(', ')}${hasComma ? ',' : ''}`)];
  const anchor = endOfLine(text, tokens, from);
  const added = items.map((item) => `\n${indent}${item}`).join(',') + (hasComma ? ',' : '');
  return [...missing, at(anchor, lines(text, added))];
}

/** Comments between the brackets stay above the new entries. */
function intoEmpty(text: string, open: number, close: number, entries: readonly Render[]): Edit {
  const outer = indentAt(text, open);
  const indent = outer + unitOf(text);
  const added = entries.map((render) => `\n${indent}${render(indent)}`).join(',');
  const kept = text.slice(open, close).trimEnd();
  return { from: open + kept.length, to: close, text: lines(text, `${added}\n${outer}`) };
}

const at = (offset: number, text: string): Edit => ({ from: offset, to: offset, text });

const lines = (text: string, added: string) => withLineEnds(added, text);

export const isComment = ({ type }: Token) => type === 'LineComment' || type === 'BlockComment';

/** Behind the comments that stand in the same line. */
function endOfLine(text: string, tokens: readonly Token[], offset: number): number {
  let end = offset;
  for (const token of tokens) {
    const { start, end: stop } = token.loc;
    if (start.offset < end) continue;
    if (!isComment(token) || text.slice(end, start.offset).includes('\n')) break;
    end = stop.offset;
  }
  // A comment reaches to the \n that ends its line. On Windows, a \r stands before that.
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** What the line of this place begins with. */
export const indentAt = (text: string, offset: number) =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';

/** By how much the file indents: as its first entry is, for the lines of a comment may differ. */
export const unitOf = (text: string) => /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';

/** The text with all changes, which lie beside each other and in order. */
export const withEdits = (text: string, edits: readonly Edit[]) =>
  edits.reduceRight(
    (result, { from, to, text: added }) => result.slice(0, from) + added + result.slice(to),
    text,
  );
