/** A browser, as far as a person uses it. Names are those that the person reads on the page. */
export type Driver = {
  /** Forgets everything, as a person who was never here. */
  begin: () => Promise<void>;
  open: (address: string) => Promise<void>;
  /** Opens a page and runs a script in it, without any gesture of a person's. */
  openWithScript: (address: string, script: string) => Promise<void>;
  address: () => Promise<string>;
  text: () => Promise<string>;
  click: (name: string, times?: 1 | 2) => Promise<void>;
  /** Presses a key on the keyboard while this link, button or box has the focus. */
  press: (name: string, key: 'Enter' | 'Space') => Promise<void>;
  fill: (label: string, text: string) => Promise<void>;
  back: () => Promise<void>;
  reload: () => Promise<void>;
  stop: () => Promise<void>;
};

/** What is read of a page. It has no body yet while it begins to load. */
export const TEXT = "(document.querySelector('main') ?? document.body)?.innerText ?? ''";

/** A script that runs another one as soon as the page at this address has loaded. */
export const onceLoaded = (address: string, script: string): string =>
  `if (location.href === ${JSON.stringify(address)}) addEventListener('load', () => { ${script} })`;

/** The XPath of the link, button or field with this name. */
export function named(name: string): string {
  const text = JSON.stringify(name);
  const labels = `//label[normalize-space()=${text}]`;
  return [
    `//a[normalize-space()=${text} or @aria-label=${text}]`,
    `//button[normalize-space()=${text} or @aria-label=${text}]`,
    `//input[@id=${labels}/@for]`,
    `${labels}//input`,
  ].join(' | ');
}
