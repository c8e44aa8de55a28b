/** The lines with the ends that the text has. */
export const withLineEnds = (added: string, text: string) =>
  text.includes('\r\n') ? added.replaceAll('\n', '\r\n') : added;
