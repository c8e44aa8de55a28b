/** Lets a long address break after its `@`, where a button is narrow, and not inside a word. */
export function breakable(text: string) {
  const [first, ...others] = text.split('@');
  return (
    <>
      {first}
      {others.map((part) => (
        <>
          @<wbr />
          {part}
        </>
      ))}
    </>
  );
}
