/**
 * The words of a button, which can be narrow: a long address may break after its `@`, and “e-mail”
 * not at its hyphen.
 */
export function breakable(text: string) {
  return text.split(/(@|e-mail)/i).map((part) => {
    if (part === '@') {
      return (
        <>
          @<wbr />
        </>
      );
    }
    return /^e-mail$/i.test(part) ? <span class="whole">{part}</span> : part;
  });
}
