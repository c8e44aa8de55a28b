import { glob, readFile } from 'node:fs/promises';
import type { Plugin } from 'vitest/config';
import { build, filesOf, partsOf, sizeOf } from './bench/build.ts';

const NAME = 'virtual:bundle';

/** Lets a test import what there is to know of the built bundle: it is built when one does. */
export const bundleFigures: Plugin = {
  name: 'bundle-figures',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
  async load(id) {
    if (id !== `\0${NAME}`) return null;
    await build('worker');
    const { gzipped } = await sizeOf('worker');
    const parts = (await partsOf('worker')).filter(({ bytes }) => bytes > 0);
    return Object.entries({
      gzippedBytes: gzipped,
      parts,
      bundledResources: await bundledResources(),
      calledResources: await calledResources(),
    })
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
      .join('\n');
  },
};

/** The resources of Stripe's client that the bundle has, such as `checkout.sessions`. */
async function bundledResources(): Promise<string[]> {
  const paths = (await filesOf('worker')).flatMap((path) => RESOURCE.exec(path)?.[1] ?? []);
  return paths.map((path) => path.replaceAll('/', '.').replace(/\b[A-Z]/g, lower)).toSorted();
}

const RESOURCE = /stripe\/esm\/resources\/((?!.*index\.js$).+)\.js$/;
const lower = (letter: string) => letter.toLowerCase();

/** Those that the Worker's code calls. */
async function calledResources(): Promise<string[]> {
  const called = new Set<string>();
  for await (const path of glob('src/**/*.{ts,tsx}', { exclude: ['src/cli/**'] })) {
    const code = await readFile(path, 'utf8');
    for (const [, name = ''] of code.matchAll(/\bstripe\s*\.(\w+(?:\.\w+)?)\s*\.\w+\(/g))
      called.add(name);
  }
  return [...called].filter((name) => name !== 'webhooks').toSorted();
}
