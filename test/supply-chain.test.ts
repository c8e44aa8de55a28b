import { expect, it } from 'vitest';
import lockfile from '../package-lock.json';
import manifest from '../package.json';
import security from '../SECURITY.md?raw';
import { BUDGETS } from './budgets.ts';
import providersLockfile from './providers/package-lock.json';

type Package = {
  license?: string;
  hasInstallScript?: boolean;
  integrity?: string;
  dev?: boolean;
  devOptional?: boolean;
};
const packages = [lockfile, providersLockfile].flatMap((each) =>
  Object.entries(each.packages as Record<string, Package>).filter(([path]) => path !== ''),
);
const nameOf = (path: string) => path.split('node_modules/').at(-1) ?? path;

// What may be used, by the words of the packages: nothing that asks for the Worker's own source.
const LICENCES = ['MIT', 'Apache-2.0', 'ISC', 'BSD-3-Clause', '0BSD', 'CC0-1.0', 'MPL-2.0', 'Zlib'];
// Of sharp, which the local runtime uses for images and which no deploy contains.
const LIBRARIES = /^@img\/sharp-/;

it('installs nothing that the lockfile does not pin by its contents', () => {
  expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
});

it('runs no script of a package at install that was not allowed by name', () => {
  const scripts = packages
    .filter(([, each]) => each.hasInstallScript)
    .map(([path]) => nameOf(path));
  expect(new Set(scripts)).toEqual(new Set(Object.keys(manifest.allowScripts)));
});

it('uses licences that a closed product may use', () => {
  const others = packages.filter(([path, { license = 'none' }]) => {
    const choices = license.replaceAll(/[()]/g, '').split(' OR ');
    const isFine = choices.some((choice) =>
      choice.split(' AND ').every((word) => LICENCES.includes(word)),
    );
    return !isFine && !LIBRARIES.test(nameOf(path));
  });
  expect(others.map(([path, { license }]) => `${nameOf(path)}: ${license}`)).toEqual([]);
});

it('works at run time with the seven packages that src/README.md lists, pinned exactly', () => {
  const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const bundled = Object.keys(BUDGETS.bundle.parts).filter((part) => !part.startsWith('src'));
  // Hono is the operator's own, as Wrangler is: an app that mounts portal-link has one already.
  const { wrangler: _, ...shared } = peerDependencies;
  expect(Object.keys({ ...dependencies, ...shared }).toSorted()).toEqual(bundled.toSorted());
  // The oldest Hono whose bodies the tests pass with, and the oldest Wrangler that knows the
  // compatibility date. Only the commands need the second.
  expect(peerDependencies).toEqual({
    hono: '^4.13.0',
    wrangler: `^${devDependencies.wrangler}`,
  });
  expect(peerDependenciesMeta).toEqual({ wrangler: { optional: true } });
  const pinned = /^\d+\.\d+\.\d+$/;
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !pinned.test(version),
  );
  expect(loose).toEqual([]);
});

it('names tests in SECURITY.md that there are', () => {
  // A glob leaves out the file that it stands in.
  const others = Object.keys(import.meta.glob('./**/*.test.ts')).map((path) => path.slice(2));
  const files = [...others, 'supply-chain.test.ts'];
  const named = [...security.matchAll(/`test\/([\w/.-]+\.test\.ts)`/g)].map(([, path]) => path);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !files.includes(path ?? ''))).toEqual([]);
});
