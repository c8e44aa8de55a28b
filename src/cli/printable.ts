// Escapes can rename the window or write the clipboard, and marks of direction can turn text around.
// https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
const CONTROL = String.raw`[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]`;
// What styleText writes for the colours of the commands.
const STYLE = String.raw`\u001B\[(?:1|2|22|3[1-69]|90)m`;

const CONTROLS = new RegExp(CONTROL, 'gu');
const IN_LINES = new RegExp(String.raw`([\n\t]|${STYLE})|${CONTROL}`, 'gu');
const REPLACEMENT = '\uFFFD';

/** Text from outside in one line: from Stripe, a provider, a site or a file. */
export const printable = (text: string): string => text.replace(CONTROLS, REPLACEMENT);

/** Lines of ours, with their colours, that may have such text in them. */
export const printableLines = (text: string): string =>
  text.replace(IN_LINES, (_, ours: string | undefined) => ours ?? REPLACEMENT);
