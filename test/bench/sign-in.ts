// `npm run bench:sign-in`: how long the answer takes for addresses that are known and for
// others, one after the other in one run. The medians must not tell them apart.
import { createTestHarness } from 'wrangler';
import { writeConfigWithEmail } from '../with-email.ts';

const ROUNDS = 120;
const WARM_UP = 20;
const PAUSE_MILLISECONDS = 250;
// Each address is asked for once, since the rate limit would keep a second mail from going.
const KNOWN = ROUNDS + WARM_UP;

process.env['WRANGLER_LOG'] = 'error';
const harness = createTestHarness({
  workers: [
    {
      configPath: await writeConfigWithEmail(),
      secrets: {
        STRIPE_SECRET_KEY: 'sk_test_standin0000000000000000',
        STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
        LINK_SECRET: 'the secret that links are signed with',
      },
      vars: { EMAIL_FROM: 'billing@example.com' },
    },
  ],
});

try {
  const { url } = await harness.listen();
  const worker = harness.getWorker<{ DB: D1Database }>();
  await worker.applyD1Migrations('DB');
  const { DB } = await worker.getEnv();
  await DB.prepare(
    `with recursive numbers (number) as (select 0 union all select number + 1 from numbers where number < ?)
    insert into customers (id, subject, email, livemode, created_at)
    select 'cus_' || number, 'user_' || number, 'known' || number || '@example.com', 0, 0 from numbers`,
  )
    .bind(KNOWN)
    .run();
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    // Which of the two comes first changes, since the first may pay for the second's mail.
    const kinds =
      round % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const kind of kinds) {
      const took = await timeOf(
        new URL('/billing/sign-in', url),
        `${kind}${round + WARM_UP}@example.com`,
        round,
      );
      if (round >= 0) times[kind].push(took);
    }
  }
  for (const [kind, all] of Object.entries(times)) {
    const [low, median, high] = [0.25, 0.5, 0.75].map((part) => quantile(all, part).toFixed(2));
    console.log(`${kind.padEnd(8)} median ${median} ms, half of all between ${low} and ${high} ms`);
  }
} finally {
  await harness.close();
}

/** Each request comes from a client of its own, or the rate limit would answer. */
async function timeOf(address: URL, email: string, round: number): Promise<number> {
  const began = performance.now();
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'sec-fetch-site': 'same-origin',
      'cf-connecting-ip': `10.${Math.abs(round) % 200}.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`,
    },
    body: new URLSearchParams({ address: email }),
  });
  await response.text();
  const took = performance.now() - began;
  if (response.status !== 200) throw new Error(`The answer was ${response.status}.`);
  // What follows the answer is not to weigh on the next one.
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  return took;
}

function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}
