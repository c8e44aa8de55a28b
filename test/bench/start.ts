import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build, bundlePath, partsOf, sizeOf } from './build.ts';
import { interleave, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';

const ROUNDS = 25;
const NAMES = ['bare', 'worker'] as const;
const KIB = 1024;

type Start = { evaluate: number; answer: number };

/** The bundle's size, and how soon a new isolate answers, beside a bare Hono + stripe Worker. */
export async function start(): Promise<Group> {
  await Promise.all(NAMES.map(async (name) => build(name)));
  const starts: Record<(typeof NAMES)[number], Start[]> = { bare: [], worker: [] };
  const once = async (name: (typeof NAMES)[number]) => {
    const path = new URL('first-request.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [path, bundlePath(name)]);
    const measured: Start = JSON.parse(stdout);
    starts[name].push(measured);
    return measured.answer;
  };
  await interleave({ bare: async () => once('bare'), worker: async () => once('worker') }, ROUNDS);
  const row = (what: string, figure: keyof Start): Row => {
    const worker = starts.worker.map((each) => each[figure]);
    const bare = starts.bare.map((each) => each[figure]);
    return {
      what,
      value: summarise(worker),
      unit: 'ms',
      ratio: ratio(worker, bare),
      to: 'bare Hono + stripe',
    };
  };
  const rows = [row('evaluated', 'evaluate'), row('first answer', 'answer')];
  return { name: 'Start (in process)', rows: [...rows, ...(await sizes())] };
}

async function sizes(): Promise<Row[]> {
  const worker = await sizeOf('worker');
  const bare = await sizeOf('bare');
  const to = 'bare Hono + stripe';
  const rows: Row[] = [
    {
      what: 'bundle, minified',
      value: worker.bytes / KIB,
      unit: 'KiB',
      ratio: worker.bytes / bare.bytes,
      to,
    },
    {
      what: 'bundle, gzipped',
      value: worker.gzipped / KIB,
      unit: 'KiB',
      ratio: worker.gzipped / bare.gzipped,
      to,
    },
  ];
  for (const { part, bytes } of (await partsOf('worker')).slice(0, 5)) {
    rows.push({
      what: `of it ${part}, minified`,
      value: bytes / KIB,
      unit: 'KiB',
      ratio: bytes / worker.bytes,
      to: 'bundle',
    });
  }
  return rows;
}
