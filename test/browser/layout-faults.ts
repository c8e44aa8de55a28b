import type { Page } from 'playwright-core';
import { axeOn } from './axe.ts';

const NARROW = [
  { name: 'at 320 px', width: 320, textSize: '' },
  { name: 'at 360 px in text of twice the size', width: 360, textSize: '200%' },
];

/** What is wrong with a page where it is narrow, or its text large. */
export async function narrowFaultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, width, textSize } of NARROW) {
    await page.setViewportSize({ width, height: 640 });
    await page.evaluate(`document.documentElement.style.fontSize = '${textSize}'`);
    const found = await page.evaluate<string[]>(
      `[...(${tooWide})(), ...(${brokenWords})(), ...(${crowded})(), ...(${tooTall})()]`,
    );
    faults.push(...found.map((fault) => `${name}, ${fault}`));
  }
  await page.evaluate("document.documentElement.style.fontSize = ''");
  return faults;
}

/** The same, and what is wrong in forced colours and on paper. */
export async function layoutFaultsOf(page: Page): Promise<string[]> {
  const faults = await narrowFaultsOf(page);
  await page.setViewportSize({ width: 1280, height: 640 });
  faults.push(...(await page.evaluate<string[]>(`[...(${crowded})(), ...(${tooTall})()]`)));
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  faults.push(...(await page.evaluate<string[]>(`(${unmarked})()`)));
  await page.keyboard.press('Tab');
  faults.push(...(await page.evaluate<string[]>(`(${unfocused})()`)));
  await page.emulateMedia({ forcedColors: 'none', media: 'print', colorScheme: 'dark' });
  faults.push(...(await page.evaluate<string[]>(`(${pressable})()`)));
  const { violations } = await axeOn(page, 'color-contrast');
  faults.push(...violations.map((violation) => `on paper: ${violation}`));
  await page.emulateMedia({ media: 'screen', colorScheme: 'light', reducedMotion: null });
  return faults;
}

// The rest runs in the page.

const tooWide = `() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [scrollWidth + ' px wide'] : [];
}`;

/**
 * Words of buttons, and beside a box to tick, that go on in the next line. Japanese may break
 * anywhere. Headings and labels may be hyphenated, but not after the one letter of “e-mail”.
 */
const brokenWords = `() =>
  [...document.querySelectorAll('.button, button, h1, h2, label')].flatMap((each) => {
    const broken = [];
    const pattern = each.matches('.button, button') || each.querySelector('input')
      ? /[^\\s@.\u3000-\u9fff]+/g
      : /(?<!\\p{L})\\p{L}-\\p{L}+/gu;
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(pattern)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) broken.push('a broken word in <' + each.localName + '>: ' + word[0]);
      }
    }
    return broken;
  })`;

/** What touches a button. */
const crowded = `() => {
  const boxesOf = (each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return each.matches('label') ? [...range.getClientRects()] : [each.getBoundingClientRect()];
  };
  const isNear = (one, other) =>
    one.left < other.right + 4 && other.left < one.right + 4 &&
    one.top < other.bottom + 4 && other.top < one.bottom + 4;
  const all = [...document.querySelectorAll('main :is(label, .button, .cf-turnstile > *)')];
  return all.flatMap((one, index) =>
    all.slice(index + 1)
      .filter((other) => [one, other].some((each) => each.matches('.button')))
      .filter((other) => boxesOf(one).some((box) => boxesOf(other).some((near) => isNear(box, near))))
      .map((other) => '“' + one.textContent + '” touches “' + other.textContent + '”'));
}`;

/** Buttons that are drawn out beside what is taller. */
const tooTall = `() =>
  [...document.querySelectorAll('.button')].flatMap((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const room = each.getBoundingClientRect().height - range.getBoundingClientRect().height;
    return room > 3 * parseFloat(getComputedStyle(each).fontSize)
      ? ['a button with ' + Math.round(room) + ' px of room: ' + each.textContent]
      : [];
  })`;

/** What does not stand out from the page, or cannot be read, in the visitor's own colours. */
const unmarked = `() => {
  const page = getComputedStyle(document.body).backgroundColor;
  return [...document.querySelectorAll('.button, .card, .state, input[type=email]')].flatMap((each) => {
    const { borderTopColor, borderTopStyle, borderTopWidth, color, backgroundColor } =
      getComputedStyle(each);
    const name = each.className || each.localName;
    const hasEdge = borderTopStyle === 'solid' && parseFloat(borderTopWidth) >= 1;
    return [
      ...(hasEdge && borderTopColor !== page ? [] : ['in forced colours, no edge: ' + name]),
      ...(color === backgroundColor ? ['in forced colours, unreadable: ' + name] : []),
    ];
  });
}`;

const unfocused = `() => {
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(document.activeElement);
  const isSeen = outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2;
  const page = getComputedStyle(document.body).backgroundColor;
  return isSeen && outlineColor !== page ? [] : ['in forced colours, the focus is not seen'];
}`;

/** What nobody can press on paper. */
const pressable = `() =>
  [...document.querySelectorAll('button, .button, input, summary')]
    .filter((each) => each.checkVisibility())
    .map((each) => 'on paper, ' + (each.textContent || each.localName))`;
