// Letters of scripts that are written from right to left: Hebrew, Arabic and their like.
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/**
 * A name for the middle of a sentence. One that is written from right to left must not turn around
 * what stands beside it. Names on their own are in a `<bdi>`.
 * https://www.w3.org/International/questions/qa-bidi-unicode-controls
 */
export const isolate = (name: string): string =>
  RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
