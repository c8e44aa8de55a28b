// Longer than any session that a framework keeps in cookies. More is an attack on the site.
const LONGEST = 12 * 1024;

/**
 * The pairs of these cookies, as the browser sent them and in its order, for another server. A name
 * that ends with `*` stands for all that begin so. Empty without one, or if they are too long.
 */
export function forwardedCookies(names: string[], header: string): string {
  const isWanted = (name: string) =>
    names.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));
  const pairs = header
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => /^[^=]+=./.test(pair) && isWanted(pair.slice(0, pair.indexOf('='))));
  const joined = pairs.join('; ');
  return joined.length > LONGEST ? '' : joined;
}
