/**
 * Black or white, whichever is easier to read on the brand's colour. One of the two always has
 * a contrast of at least 4.58:1 (WCAG 2.2, 1.4.3). Takes #rrggbb.
 */
export function inkOn(color: string): '#000' | '#fff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.1791 ? '#000' : '#fff';
}
