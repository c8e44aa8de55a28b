const FROM = String.raw`\s*from\s*['"]portal-link['"]`;

/** Whether a module's default export is portal-link's, at once or by way of an import. */
export function exportsOurs(text: string): boolean {
  const code = text.replace(/\/\*[^]*?\*\/|(?<![:'"])\/\/.*/g, ' ');
  if (new RegExp(String.raw`\bexport\s*\{[^}]*\bdefault\b[^}]*\}${FROM}`).test(code)) return true;
  const imported = new RegExp(
    String.raw`\bimport\s+(?:(\w+)|\{[^}]*\bdefault\s+as\s+(\w+)[^}]*\})[^;'"]*?${FROM}`,
  ).exec(code);
  const name = imported?.[1] ?? imported?.[2];
  if (name === undefined) return false;
  return new RegExp(
    String.raw`\bexport\s+(?:default\s+${name}\s*(?:;|$)|\{[^}]*\b${name}\s+as\s+default\b)`,
    'm',
  ).test(code);
}
