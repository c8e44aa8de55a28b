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
      hiddenUses: await hiddenUses(),
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
  const called = (await workerCode()).flatMap(({ code }) =>
    [...code.matchAll(/\bstripe\s*\.(\w+(?:\.\w+)?)\s*\.\w+\(/g)].map(([, name = '']) => name),
  );
  return [...new Set(called)].filter((name) => name !== 'webhooks').toSorted();
}

/** Uses of the client that `calledResources` would not see, and of decimals, which are left out. */
async function hiddenUses(): Promise<string[]> {
  return (await workerCode()).flatMap(({ path, code }) =>
    HIDING.flatMap((pattern) => [...code.matchAll(pattern)].map(([use]) => `${path}: ${use}`)),
  );
}

const HIDING = [
  // price.unit_amount_decimal
  /\b\w+_decimal\b/g,
  // const { customers } = stripe; const api = services.stripe.invoices;
  /[\w}]\s*=\s*(?:\w+\.)*stripe(?:\.\w+)*\s*;/g,
  // { stripe: client }
  /\bstripe:\s*(?!Stripe\b)[a-z]\w*\s*[,}]/g,
  // (client: Stripe)
  /\b(?!stripe\b)\w+\??:\s*Stripe\s*[,;)}=]/g,
  // stripe['customers'], stripe?.customers
  /\bstripe\s*(?:\[|\?\.)/g,
  // ids.map(stripe.customers.retrieve)
  /(?<![\w./])stripe(?:\.\w+)+(?!\w|\s*[.(])/g,
];

/** The code of the Worker, without comments, which name Stripe's hosts. */
async function workerCode(): Promise<{ path: string; code: string }[]> {
  const files: { path: string; code: string }[] = [];
  for await (const path of glob('src/**/*.{ts,tsx}', { exclude: ['src/cli/**'] })) {
    const text = await readFile(path, 'utf8');
    files.push({ path, code: text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '') });
  }
  return files;
}
