import { isTable, tablesIn, type Value } from './table.ts';
import { unitOf, type Render } from './jsonc-insert.ts';

/** An entry of a table, with the lines of the comment above it. */
export type Member = {
  comment?: readonly string[];
  name: string;
  value: Value;
  /** The value once more, as entries or items with comments. */
  parts?: readonly Part[];
};

/** An item of a list has no name. */
export type Part = Omit<Member, 'name' | 'parts'> & { name?: string };

/** Writes an entry as the file indents. Comments need lines of their own. */
export const memberIn =
  (text: string, { comment, name, value, parts }: Member): Render =>
  (indent) => {
    const unit = unitOf(text);
    const written =
      parts && indent !== undefined
        ? inBrackets(
            Array.isArray(value) ? '[]' : '{}',
            parts.map((part) => partIn(text, part)(indent + unit)),
            indent,
            unit,
          )
        : write(value, indent, unit);
    return withComment(comment, `${JSON.stringify(name)}: ${written}`, indent);
  };

/** Writes an item of a list, or an entry, in the same way. */
export const partIn =
  (text: string, { comment, name, value }: Part): Render =>
  (indent) => {
    const written = write(value, indent, unitOf(text));
    const pair = name === undefined ? written : `${JSON.stringify(name)}: ${written}`;
    return withComment(comment, pair, indent);
  };

/** Writes a value that begins in a line of this indentation. */
export const valueIn = (text: string, value: Value, indent: string): string =>
  write(value, indent, unitOf(text));

function withComment(
  comment: readonly string[] = [],
  written: string,
  indent: string | undefined,
): string {
  if (indent === undefined) return written;
  return [...comment.map((line) => `// ${line}`.trimEnd()), written].join(`\n${indent}`);
}

function write(value: Value, indent: string | undefined, unit: string): string {
  // A list without tables is short enough for one line.
  const isLong = isTable(value) || tablesIn(value).length > 0;
  const outer = isLong ? indent : undefined;
  const inner = outer === undefined ? undefined : outer + unit;
  if (Array.isArray(value)) {
    return inBrackets(
      '[]',
      value.map((each) => write(each, inner, unit)),
      outer,
      unit,
    );
  }
  if (!isTable(value)) return JSON.stringify(value);
  const pairs = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}: ${write(each, inner, unit)}`,
  );
  return inBrackets('{}', pairs, outer, unit);
}

function inBrackets(
  [open = '', close = '']: string,
  parts: readonly string[],
  indent: string | undefined,
  unit: string,
): string {
  if (parts.length === 0) return open + close;
  if (indent === undefined) {
    return open === '{' ? `{ ${parts.join(', ')} }` : `[${parts.join(', ')}]`;
  }
  const inner = indent + unit;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}
