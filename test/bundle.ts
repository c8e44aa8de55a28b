import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Plugin } from 'vitest/config';
import { build, bundlePath } from './bench/build.ts';
import { buildModules, gzippedBytes, partsOf, startingOf, type Module } from './modules.ts';

const NAME = 'virtual:bundle';

/** Lets a test import what there is to know of the built Worker: it is built when one does. */
export const bundleFigures: Plugin = {
  name: 'bundle-figures',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
  async load(id) {
    if (id !== `\0${NAME}`) return null;
    const modules = await buildModules();
    return Object.entries({
      all: figuresOf(modules),
      starting: figuresOf(startingOf(modules)),
      loadedByRedirect: await loadedByRedirect(),
      bundledResources: bundledResources(modules),
      calledResources: await calledResources(),
      hiddenUses: await hiddenUses(),
    })
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
      .join('\n');
  },
};

const figuresOf = (modules: Module[]) => ({
  gzippedBytes: gzippedBytes(modules),
  parts: partsOf(modules),
  modules: modules.map(({ name }) => name),
  files: modules.flatMap(({ files }) => [...files.keys()]),
  ofRuntime: modules
    .flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])
    .filter((name) => name.includes(':')),
  globalsOfNode: modules.flatMap(({ code }) => code.match(GLOBALS_OF_NODE) ?? []),
});

// Where they are used, and not merely mentioned in a message.
const GLOBALS_OF_NODE = /(?<![\w$.])(?:Buffer|process|setImmediate|global)(?:\?\.|[.([])/g;

/** What Node loads for the first redirect, whatever the modules say. */
async function loadedByRedirect(): Promise<string[]> {
  await build('worker');
  const parameters = ['test/bench/loaded.ts', bundlePath('worker')];
  return JSON.parse((await promisify(execFile)(process.execPath, parameters)).stdout);
}

/** The resources of Stripe's client that the bundle has, such as `checkout.sessions`. */
function bundledResources(modules: Module[]): string[] {
  const files = modules.flatMap((module) => [...module.files.keys()]);
  const paths = files.flatMap((path) => RESOURCE.exec(path)?.[1] ?? []);
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
