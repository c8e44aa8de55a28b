export type Query = { sql: string; params: unknown[] };

// What a `?` is part of where it is no parameter, and the parameters themselves.
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\?(\d*)/g;

/**
 * The same query with its numbers in its text. Cloudflare's query API binds numbers as text, which
 * compares as greater than every number wherever no column says what it is.
 */
export function withNumbers({ sql, params }: Query): Query {
  const others: unknown[] = [];
  let next = 0;
  const text = sql.replaceAll(TOKEN, (token: string, place: string | undefined) => {
    if (place === undefined) return token;
    const index = place === '' ? next : Number(place) - 1;
    next = Math.max(next, index + 1);
    if (index >= params.length) return '?';
    const value = params[index];
    // Parentheses keep a minus before it from becoming a comment.
    if (typeof value === 'number' && Number.isFinite(value)) return `(${value})`;
    others.push(value);
    return '?';
  });
  return { sql: text, params: others };
}
