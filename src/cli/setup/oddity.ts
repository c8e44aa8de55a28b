/** What is wrong with a secret that somebody has typed or pasted; spaces can be part of it. */
export function pasteProblem(name: string, value: string): string | undefined {
  const oddity = oddityIn(name, value);
  return oddity === SPACE ? undefined : oddity;
}

const SPACE = 'there is a space in it. Copy it once more.';

/**
 * What came along when a secret was copied: quotes, spaces, line breaks, its name. Undefined for a
 * clean one. The value itself is not in the answer.
 */
export function oddityIn(name: string, value: string): string | undefined {
  if (value.startsWith(`${name}=`)) return `it begins with ${name}=. Give the value alone.`;
  if (/^["'“‘`]|["'”’`]$/.test(value)) return 'there are quotes around it. Give it without them.';
  if (/[\r\n]/.test(value)) return 'there is a line break in it. Give it in one line.';
  if (/\s/.test(value)) return SPACE;
  return undefined;
}
