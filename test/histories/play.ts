import { WEBHOOK_SECRET, type World } from '../world.ts';
import { createAccount, type Account } from './account.ts';
import type { Step } from './steps.ts';

const STRIPE_FAULTS = [
  { status: 429 },
  // Without the header the client would wait half a second and try again.
  { status: 500, headers: { 'stripe-should-retry': 'false' } },
  { status: 200, body: '{"id":', contentType: 'application/json' },
];
const D1_FAULTS = ['D1_ERROR: Network connection lost.', 'D1_ERROR: D1 DB is overloaded.'];
const ROUNDS = 30;

/** Plays the steps, and then delivers, as Stripe does, until each event has been accepted. */
export async function play(steps: Step[]): Promise<Account> {
  const account = await createAccount();
  const { world, happen } = account;
  const { faults, state } = world.stripe;
  const owed = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  let heard = 0;

  const events = () => {
    const all = [...state.events.values()].map((event) => JSON.stringify(event));
    for (const payload of all.slice(heard)) owed.add(payload);
    heard = all.length;
    return all;
  };
  // Nobody waits for a delivery: an early one may end after a later one.
  const send = (payload: string) => {
    const delivery = deliver(world, payload).then((accepted) => {
      underWay.delete(delivery);
      return accepted && owed.delete(payload);
    });
    underWay.add(delivery);
  };

  for (const step of steps) {
    switch (step.do) {
      case 'deliver': {
        const all = events();
        for (const pick of step.picks) if (all.length > 0) send(all[pick % all.length]!);
        break;
      }
      case 'overtake': {
        const earlier = events().at(-1);
        // The answer is old by the time that it arrives.
        faults.order({ method: 'GET', delay: step.milliseconds, afterEffect: true });
        if (earlier) send(earlier);
        await wait(3);
        await happen(step.change);
        send(events().at(-1)!);
        break;
      }
      case 'Stripe fails':
        faults.order({ method: 'GET', after: step.after, ...STRIPE_FAULTS[step.how] });
        break;
      case 'Stripe is slow': {
        const { after, milliseconds: delay } = step;
        faults.order({ method: 'GET', after, delay, afterEffect: true });
        break;
      }
      case 'D1 fails':
        world.failQuery(D1_FAULTS[step.how]!);
        break;
      case 'wait':
        await wait(step.milliseconds);
        break;
      default:
        await happen(step);
    }
  }
  events();
  for (let round = 0; owed.size > 0 || underWay.size > 0; round += 1) {
    if (round === ROUNDS) throw new Error('Stripe would have given up delivering.');
    for (const payload of [...owed].toReversed()) send(payload);
    await Promise.all(underWay);
  }
  // What Stripe’s rate limit refused is the cron job’s to do.
  faults.clear();
  for (let run = 0; (await world.stores.syncs.backlog(false, new Date())).customers > 0; run += 1) {
    if (run === ROUNDS) throw new Error('The backlog does not drain.');
    await world.runCron();
  }
  return account;
}

const wait = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function deliver(world: World, payload: string): Promise<boolean> {
  const signature = await world.api.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: WEBHOOK_SECRET,
  });
  const response = await world.visit('/api/stripe/webhook', {
    method: 'POST',
    headers: { 'stripe-signature': signature },
    body: payload,
  });
  return response.ok;
}
