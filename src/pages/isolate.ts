// Where Unicode keeps the letters of scripts that are written from right to left:
// https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * A name for the middle of a sentence. One that is written from right to left must not turn around
 * what stands beside it. Names on their own are in a `<bdi>`.
 * https://www.w3.org/International/questions/qa-bidi-unicode-controls
 */
export const isolate = (name: string): string =>
  RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
