/**
 * Words for a narrow place: a long address may break after its `@` and before its dots, but not
 * before the last one, and “e-mail” not at its hyphen.
 */
export function breakable(text: string) {
  return text.split(/(@|\.(?=[^\s.]+\.)|e-mail)/i).map((part) => {
    if (part === '@') {
      return (
        <>
          @<wbr />
        </>
      );
    }
    if (part === '.') {
      return (
        <>
          <wbr />.
        </>
      );
    }
    return /^e-mail$/i.test(part) ? <span class="whole">{part}</span> : part;
  });
}
