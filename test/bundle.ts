import type { Plugin } from 'vitest/config';
import { build, partsOf, sizeOf } from './bench/build.ts';

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
    const packages = parts.map(({ part }) => part).filter((part) => !part.startsWith('src'));
    return `export const gzippedBytes = ${gzipped};
      export const packages = ${JSON.stringify(packages.toSorted())};`;
  },
};
