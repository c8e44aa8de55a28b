import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build, bundlePath, sizeOf, STARTING } from './build.ts';
import { interleave, number, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { startUnderWorkerd, upload } from './startup-profile.ts';

const ROUNDS = 25;
const WORKERD_ROUNDS = 9;
const FIRST = 1_000;
const NAMES = ['bare', 'worker'] as const;
const LIVING = ['floor-with-client', 'floor-with-packages', 'worker'] as const;
const TITLES = {
  bare: 'bare Hono + stripe',
  'floor-with-client': 'floor with Stripe’s client',
  'floor-with-packages': 'floor with Hono, jose and Drizzle',
  worker: 'portal-link',
};
const KIB = 1024;

type Name = (typeof NAMES)[number];
type Start = { evaluate: number; answer: number; processor: number };

/** How much there is to load, and how soon a new isolate answers, beside a bare Hono + stripe Worker. */
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
  const many = await firstThousand();
  await Promise.all(NAMES.map(async (name) => upload(name)));
  const underWorkerd = await interleave(
    each((name) => async () => startUnderWorkerd(name)),
    WORKERD_ROUNDS,
  );
  const rows = [
    ...compare('evaluated in Node', NAMES, figure('evaluate')),
    ...compare('first answer in Node', NAMES, figure('answer')),
    ...compare('start and first 1,000 redirects, processor time in Node', LIVING, many),
    ...compare('started by workerd (wrangler check startup)', NAMES, underWorkerd),
    ...(await sizes()),
  ];
  return { name: 'Start', rows };
}

function each<Value>(of: (name: Name) => Value): Record<Name, Value> {
  return { bare: of('bare'), worker: of('worker') };
}

/** What an isolate costs that lives for so many redirects: its start, and code that is not warm. */
async function firstThousand() {
  await Promise.all(LIVING.map(async (name) => build(name)));
  const time = (name: (typeof LIVING)[number]) => async () =>
    (await startInNode(name, number(FIRST, 10))).processor;
  return interleave(
    {
      'floor-with-client': time('floor-with-client'),
      'floor-with-packages': time('floor-with-packages'),
      worker: time('worker'),
    },
    ROUNDS,
  );
}

async function startInNode(name: keyof typeof TITLES, redirects = 1): Promise<Start> {
  const path = new URL('first-request.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [
    path,
    bundlePath(name),
    String(redirects),
  ]);
  return JSON.parse(stdout);
}

/** The first is what the others are compared with. */
function compare<Of extends keyof typeof TITLES>(
  what: string,
  [base, ...others]: readonly [Of, ...Of[]],
  times: Record<Of, number[]>,
): Row[] {
  const row = (name: Of): Row => ({
    what: `${what}: ${TITLES[name]}`,
    value: summarise(times[name]),
    unit: 'ms',
  });
  const compared = others.map((name) => ({
    ...row(name),
    ratio: ratio(times[name], times[base]),
    to: TITLES[base],
  }));
  return [row(base), ...compared];
}

async function sizes(): Promise<Row[]> {
  const bare = await sizeOf('bare');
  const starting = await sizeOf('worker', STARTING);
  const all = await sizeOf('worker');
  const size = (what: string, of: typeof bare, figure: keyof typeof bare): Row => ({
    what,
    value: of[figure] / KIB,
    unit: 'KiB',
    ratio: of[figure] / bare[figure],
    to: TITLES.bare,
  });
  return [
    size('what a redirect loads, minified', starting, 'bytes'),
    size('what a redirect loads, gzipped', starting, 'gzipped'),
    size('all that is uploaded, gzipped', all, 'gzipped'),
  ];
}
