import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build, bundlePath, sizeOf } from './build.ts';
import { interleave, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { startUnderWorkerd, upload } from './startup-profile.ts';

const ROUNDS = 25;
const WORKERD_ROUNDS = 9;
const NAMES = ['bare', 'worker'] as const;
const TITLES = { bare: 'bare Hono + stripe', worker: 'portal-link' };
const KIB = 1024;

type Name = (typeof NAMES)[number];
type Start = { evaluate: number; answer: number };

/** The bundle's size, and how soon a new isolate answers, beside a bare Hono + stripe Worker. */
export async function start(): Promise<Group> {
  await Promise.all(NAMES.map(async (name) => build(name)));
  const inNode: Record<Name, Start[]> = { bare: [], worker: [] };
  await interleave(
    each((name) => async () => {
      const measured = await startInNode(name);
      inNode[name].push(measured);
      return measured.answer;
    }),
    ROUNDS,
  );
  const figure = (of: keyof Start) => each((name) => inNode[name].map((measured) => measured[of]));
  await Promise.all(NAMES.map(async (name) => upload(name)));
  const underWorkerd = await interleave(
    each((name) => async () => startUnderWorkerd(name)),
    WORKERD_ROUNDS,
  );
  const rows = [
    ...compare('evaluated in Node', figure('evaluate')),
    ...compare('first answer in Node', figure('answer')),
    ...compare('started by workerd (wrangler check startup)', underWorkerd),
    ...(await sizes()),
  ];
  return { name: 'Start', rows };
}

function each<Value>(of: (name: Name) => Value): Record<Name, Value> {
  return { bare: of('bare'), worker: of('worker') };
}

async function startInNode(name: Name): Promise<Start> {
  const path = new URL('first-request.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [path, bundlePath(name)]);
  return JSON.parse(stdout);
}

function compare(what: string, times: Record<Name, number[]>): Row[] {
  const row = (name: Name): Row => ({
    what: `${what}: ${TITLES[name]}`,
    value: summarise(times[name]),
    unit: 'ms',
    ...(name !== 'bare' && { ratio: ratio(times[name], times.bare), to: TITLES.bare }),
  });
  return NAMES.map((name) => row(name));
}

async function sizes(): Promise<Row[]> {
  const [worker, bare] = await Promise.all([sizeOf('worker'), sizeOf('bare')]);
  const size = (what: string, figure: keyof typeof worker): Row => ({
    what,
    value: worker[figure] / KIB,
    unit: 'KiB',
    ratio: worker[figure] / bare[figure],
    to: TITLES.bare,
  });
  return [size('bundle, minified', 'bytes'), size('bundle, gzipped', 'gzipped')];
}
