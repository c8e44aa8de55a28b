import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plugin } from 'vitest/config';

/** The page of each example, and how its block differs from others. */
const EXAMPLES: Record<string, { page: string; has: string }> = {
  'virtual:entrypoint-example': { page: 'src/doors/ENTRYPOINT.md', has: 'env.BILLING' },
  'virtual:mount-example': { page: 'src/doors/MOUNT.md', has: 'getSession' },
};

/** What the examples import. */
const IMPORTS: Record<string, string> = {
  'portal-link': 'src/doors/package.ts',
  './auth': 'test/auth-of-example.ts',
};

/** Lets a test import the code that a page shows, as a reader copies it. */
export const pageCode: Plugin = {
  name: 'page-code',
  // By its ending, Vite knows that it has types.
  resolveId(id, importer) {
    if (Object.hasOwn(EXAMPLES, id)) return `${id}.ts`;
    const file = importer?.startsWith('virtual:') ? IMPORTS[id] : undefined;
    return file === undefined ? null : resolve(file);
  },
  async load(id) {
    const example = EXAMPLES[id.replace(/\.ts$/, '')];
    if (!example) return null;
    const page = await readFile(example.page, 'utf8');
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
    const code = blocks.find((each) => each.includes(example.has));
    if (code === undefined) throw new Error(`${example.page} has no example with ${example.has}.`);
    return code;
  },
};
