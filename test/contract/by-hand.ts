import { createInterface } from 'node:readline/promises';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { readCustomer, statesOf } from '../../src/customers/read.ts';
import { createStripe } from '../../src/stripe/client.ts';
import type { Sandbox } from './sandbox.ts';
import { createThings } from './things.ts';

type Say = (line: string) => void;

const DAY = 86_400;

/** What only a person can do, asked for step by step. Returns the exit status. */
export async function runByHand(sandbox: Sandbox, say: Say): Promise<number> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const stripe = createStripe(sandbox);
  const things = createThings(stripe);
  let failures = 0;
  const check = (what: string, holds: boolean, found: unknown) => {
    if (!holds) failures += 1;
    say(`${holds ? '✓' : '✗'} ${what}${holds ? '' : `: found ${JSON.stringify(found)}`}`);
  };
  const done = async (task: string) => {
    await terminal.question(`\n${task}\nPress Enter when you have. `);
  };
  try {
    for (const action of ['cancel', 'pause'] as const) await inPortal(action);
    await delivery();
    await oldEvent();
  } finally {
    terminal.close();
    await things.removeAll();
  }
  return failures === 0 ? 0 : 1;

  async function inPortal(action: 'cancel' | 'pause'): Promise<void> {
    const { id: customer } = await things.customer();
    const { price } = await things.plan(2900);
    const { id } = await things.subscription(customer, [price.id]);
    const { id: configuration } = await things.configuration({
      features: {
        subscription_cancel: { enabled: true },
        subscription_pause: { enabled: true },
      },
    });
    const type = `subscription_${action}` as const;
    const { url } = await stripe.billingPortal.sessions.create({
      customer,
      configuration,
      flow_data: { type, [type]: { subscription: id } },
    });
    await done(`Open ${url} and ${action} the subscription.`);
    const subscription = await stripe.subscriptions.retrieve(id);
    const { cancel_at: end, cancel_at_period_end: flag, status } = subscription;
    const reading = await readCustomer(stripe, customer, 'user_id', true);
    const [state] = await statesOf(stripe, [reading]);
    const [kept] = state?.kind === 'living' ? state.subscriptions : [];
    if (action === 'cancel') {
      check('The portal sets cancel_at, and not the flag.', end !== null && !flag, { end, flag });
      check('D1 would keep when it ends.', kept?.cancelAt === end, kept);
    } else {
      check('The portal pauses by the status.', status === 'paused', { status });
      check('D1 would keep that it is paused.', kept?.paused === true, kept);
    }
  }

  async function delivery(): Promise<void> {
    say(
      '\nIn other terminals: npm run dev; stripe listen --forward-to localhost:8787/api/stripe/webhook',
    );
    say('Put the secret that it prints into .dev.vars as STRIPE_WEBHOOK_SECRET.');
    const { id } = await things.customer();
    const answer = await terminal.question(
      `\nDid \`stripe listen\` show customer.created of ${id} answered with 200? (y/n) `,
    );
    check('A delivery through `stripe listen` is taken.', answer.trim() === 'y', answer);
  }

  async function oldEvent(): Promise<void> {
    const id = await terminal.question(
      '\nThe id of an event of more than 30 days ago in this sandbox (Enter for none): ',
    );
    if (id.trim() === '') return;
    const refusal = await stripe.events
      .list({ ending_before: id.trim(), types: EVENT_TYPES, limit: 1 })
      .then(
        () => undefined,
        (error: Error & { statusCode?: number; code?: string }) => error,
      );
    say(`It answers: ${refusal?.statusCode} ${refusal?.code} ${refusal?.message}`);
    const oldest = Math.floor(Date.now() / 1000) - 30 * DAY;
    const { data } = await stripe.events.list({ created: { lt: oldest }, limit: 1 });
    check('The list reaches back 30 days and no further.', data.length === 0, data[0]?.created);
  }
}
