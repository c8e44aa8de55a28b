import { browse, inTurn, load, type Load, type Plan } from './load.ts';
import { interleave, number, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { createCustomers, startSite, startStandIn, tokenFor, type Site } from './site.ts';

const ROUNDS = 5;
const WARM_UP = 1;
// How long Stripe takes, and who asks. The last one leaves the machine time to spare: what a
// visitor waits for beyond Stripe shows where requests do not wait for each other.
const SITUATIONS: Situation[] = [
  { delay: 0, connections: 1 },
  { delay: 0, connections: 64 },
  { delay: 100, connections: 64 },
  { delay: 100, connections: 64, perSecond: 120 },
];
// So many that nobody reaches the limit of sessions that a person may open in a minute.
const customerCount = () => number(2_000, 200);
const roundMilliseconds = () => number(1_000, 200);

type Situation = Pick<Plan, 'connections' | 'perSecond'> & { delay: number };
type Measured = Load & { processor: number; beyond: number };

/** Redirects over real connections, under workerd, with D1 and the stand-in for Stripe. */
export async function endToEnd(): Promise<Group> {
  const standIn = await startStandIn();
  const sites = {
    floor: await startSite('floor', standIn),
    worker: await startSite('worker', standIn),
  };
  const customers = await createCustomers(standIn.stripe, Object.values(sites), customerCount());
  const calls = await Promise.all(
    customers.map(async ({ subject }) => browse('/billing/manage', await tokenFor(subject))),
  );
  const nextCall = { floor: inTurn(calls), worker: inTurn(calls) };
  const rows: Row[] = [];
  for (const situation of SITUATIONS) {
    standIn.delay(situation.delay);
    const rounds: Record<keyof typeof sites, Measured[]> = { floor: [], worker: [] };
    const measure = async (name: keyof typeof sites) => {
      const measured = await run(sites[name], situation, nextCall[name]);
      rounds[name].push(measured);
      return measured.throughput;
    };
    await interleave(
      { floor: async () => measure('floor'), worker: async () => measure('worker') },
      ROUNDS,
      WARM_UP,
    );
    rows.push(...rowsOf(situation, rounds));
  }
  standIn.stop();
  await Promise.all(Object.values(sites).map(async (site) => site.stop()));
  return { name: 'End to end under workerd (HS256, local D1, stand-in for Stripe)', rows };
}

async function run(
  { origin, processorTime }: Site,
  { delay, ...situation }: Situation,
  nextCall: Plan['nextCall'],
): Promise<Measured> {
  const before = processorTime();
  const plan = { ...situation, milliseconds: roundMilliseconds(), status: 303, nextCall };
  const result = await load(origin, plan);
  const processor = ((processorTime() - before) * 1e6) / result.requests;
  return { ...result, processor, beyond: result.p50 - delay };
}

function rowsOf(
  { delay, connections, perSecond }: Situation,
  rounds: Record<'floor' | 'worker', Measured[]>,
): Row[] {
  const last = -number(ROUNDS, 1);
  const counted = { floor: rounds.floor.slice(last), worker: rounds.worker.slice(last) };
  const pace = perSecond === undefined ? '' : `, ${perSecond} a second in all`;
  const row = (what: string, unit: string, figure: keyof Measured): Row => {
    const floor = counted.floor.map((each) => each[figure]);
    const worker = counted.worker.map((each) => each[figure]);
    return {
      what: `Stripe ${delay} ms, ${connections} connections${pace}: ${what}`,
      value: summarise(worker),
      unit,
      ratio: ratio(worker, floor),
      to: 'floor',
    };
  };
  const rows = [
    row('throughput', 'per second', 'throughput'),
    row(delay === 0 ? 'p50' : `p50, of it beyond ${delay} ms`, 'ms', 'beyond'),
    row('p99', 'ms', 'p99'),
  ];
  const tells = !Number.isNaN(counted.worker[0]?.processor);
  return tells ? [...rows, row('processor time of workerd', 'µs each', 'processor')] : rows;
}
