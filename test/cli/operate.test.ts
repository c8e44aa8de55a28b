import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PAGES = ['*.md', 'src/**/*.md', 'test/**/*.md', '.github/**/*.md', 'migrations/**/*.md'];
const wrangler = readFileSync('node_modules/wrangler/wrangler-dist/cli.js', 'utf8');
const known = new Set(
  [...wrangler.matchAll(/command: "wrangler ([\w -]+)"/g)].map(([, name = '']) => name),
);

/** Every `npx wrangler …` of the READMEs, with the page that it is in. */
const commands = globSync(PAGES, { exclude: (path) => path.includes('node_modules') }).flatMap(
  (page) =>
    [...readFileSync(page, 'utf8').matchAll(/npx wrangler ([^\n`]*)/g)].map(
      ([, words = '']) => [words, page] as const,
    ),
);

it.each(commands)(
  '`npx wrangler %s` in %s is a command of wrangler, with these options',
  (words) => {
    const parts = words.split(' ');
    const names = parts.map((_, index) => parts.slice(0, index + 1).join(' '));
    expect(names.filter((name) => known.has(name))).not.toEqual([]);
    for (const [, option = ''] of words.matchAll(/ --([\w-]+)/g)) {
      expect(wrangler).toMatch(new RegExp(`\\b"?${option}"?: \\{\\s+(?:\\w+: .*\\s+)*?type: "`));
    }
  },
);

it('says nothing of wrangler in vain', () => {
  expect(commands.length).toBeGreaterThan(10);
  expect(known.has('d1 time-travel restore')).toBe(true);
  expect(known.has('d1 time-travel undo')).toBe(false);
});
