/** Where a colour stands: on cards and in mails, in light and in dark. */
const SURROUNDINGS = { light: '#ffffff', dark: '#181a20' } as const;
// WCAG 2.2, 1.4.11: what shows where a button ends.
const LEAST_CONTRAST = 3;
// A colour this far from its ink is nearly black or white: it can only move towards the ink.
const FAR = 12;

/** The relative luminance of #rrggbb (WCAG 2.2). */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
export function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].toSorted(
    (a, b) => a - b,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

/**
 * Black or white, whichever is easier to read on the brand's colour. One of the two always has
 * a contrast of at least 4.58:1 (WCAG 2.2, 1.4.3). Takes #rrggbb.
 */
export function inkOn(color: string): '#000' | '#fff' {
  return luminanceOf(color) > 0.1791 ? '#000' : '#fff';
}

/** What a pressed button moves towards, without its text getting harder to read. */
export function shadeOf(color: string): '#000' | '#fff' {
  const ink = inkOn(color);
  const isFar = contrastOf(color, ink === '#000' ? '#000000' : '#ffffff') > FAR;
  return (ink === '#000') === isFar ? '#000' : '#fff';
}

/** Whether the colour would be lost in its surroundings without an edge. */
export const needsEdge = (color: string, scheme: keyof typeof SURROUNDINGS): boolean =>
  contrastOf(color, SURROUNDINGS[scheme]) < LEAST_CONTRAST;
