import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vitest/config';

const NAME = 'virtual:entrypoint-example';
// Vite takes out the types.
const ID = `${NAME}.ts`;

/** Lets a test import the code that a page shows, as a reader copies it. */
export const pageCode: Plugin = {
  name: 'page-code',
  resolveId: (id) => (id === NAME ? ID : null),
  async load(id) {
    if (id !== ID) return null;
    const page = await readFile('src/doors/ENTRYPOINT.md', 'utf8');
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
    const example = blocks.find((code) => code.includes('env.BILLING'));
    if (example === undefined) throw new Error('ENTRYPOINT.md calls env.BILLING nowhere.');
    return example;
  },
};
