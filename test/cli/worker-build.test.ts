import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useWorkplace, workplace } from './use-workplace.ts';

useWorkplace();

const FOLDER = '.wrangler/worker';
const begin = async () => {
  const cwd = workplace.directory;
  const child = spawn(process.execPath, ['.ci/worker/build.ts'], { cwd, stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number];
  return status;
};
const modules = () => readdirSync(join(workplace.directory, FOLDER)).toSorted();

it('builds at the same time leave the Worker whole, whoever reads it meanwhile', async () => {
  expect(await begin()).toBe(0);
  const before = modules();
  expect(before).toEqual(expect.arrayContaining(['index.js', 'redirect.js', 'redirect.js.map']));
  const ended = new AbortController();
  const builds = Promise.all([begin(), begin()]).finally(() => ended.abort());
  while (!ended.signal.aborted) {
    expect(workplace.read(`${FOLDER}/redirect.js`)).toMatch(/sourceMappingURL=redirect\.js\.map$/);
    await new Promise(setImmediate);
  }
  expect(await builds).toEqual([0, 0]);
  expect(modules()).toEqual(before);
});

it('a build takes away the modules of one before it, which Wrangler would upload', async () => {
  expect(await begin()).toBe(0);
  mkdirSync(join(workplace.directory, FOLDER, 'deep'));
  const former = ['former.js', 'deep/former.js'];
  for (const name of former) workplace.write(`${FOLDER}/${name}`, 'export {};\n');
  expect(await begin()).toBe(0);
  const left = former.filter((name) => existsSync(join(workplace.directory, FOLDER, name)));
  expect(left).toEqual([]);
});
