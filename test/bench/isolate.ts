import { browse, inTurn, load } from './load.ts';
import { interleave, number, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { createCustomers, startSite, startStandIn, tokenFor, type StandIn } from './site.ts';

const ROUNDS = 5;
const redirectCount = () => number(1_000, 20);
// So many that nobody reaches the limit of sessions that a person may open in a minute.
const customerCount = () => number(100, 5);

type Name = 'floor-with-client' | 'worker';

/** The first redirects of a new isolate, where code is not warm yet, with all that runs beside it. */
export async function isolate(): Promise<Group> {
  const standIn = await startStandIn();
  const each = (name: Name) => async () => firstRedirects(name, standIn);
  const times = await interleave(
    { 'floor-with-client': each('floor-with-client'), worker: each('worker') },
    ROUNDS,
  );
  standIn.stop();
  const row = (what: string, name: Name): Row => ({
    what: `processor time of workerd: ${what}`,
    value: summarise(times[name]),
    unit: 'ms',
  });
  return {
    name: 'First 1,000 redirects of an isolate, under workerd (HS256, local D1, stand-in for Stripe)',
    rows: [
      row('floor with Stripe’s client', 'floor-with-client'),
      {
        ...row('portal-link', 'worker'),
        ratio: ratio(times.worker, times['floor-with-client']),
        to: 'floor with Stripe’s client',
      },
    ],
  };
}

/** Milliseconds of processor time that they take, one after the other, in a new workerd. */
async function firstRedirects(name: Name, standIn: StandIn): Promise<number> {
  const site = await startSite(name, standIn);
  const customers = await createCustomers(standIn.stripe, [site], customerCount());
  const nextVisit = inTurn(
    await Promise.all(
      customers.map(async ({ subject }) => browse('/billing/manage', await tokenFor(subject))),
    ),
  );
  let left = redirectCount();
  const nextCall = () => {
    left -= 1;
    return left < 0 ? undefined : nextVisit();
  };
  const before = site.processorTime();
  await load(site.origin, { connections: 1, milliseconds: Infinity, status: 303, nextCall });
  const taken = site.processorTime() - before;
  await site.stop();
  return taken * 1000;
}
