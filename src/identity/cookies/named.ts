/**
 * The values of all cookies of this name, without repetitions: RFC 6265 §5.4 lets a name appear
 * several times. Names are trimmed as browsers do (§5.2), of spaces and tabs only. JavaScript's
 * `trim()` also strips U+00A0 and others, and a browser protects no `\u00a0__Host-` name.
 */
export function cookiesNamed(name: string, header: string): string[] {
  const beginning = `${name}=`;
  // Most requests lack most of our cookies.
  if (!header.includes(beginning)) return [];
  const values = header
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(beginning))
    .map((pair) => pair.slice(beginning.length).replace(/^"(.*)"$/, '$1'))
    .filter((value) => value !== '');
  return [...new Set(values)];
}
