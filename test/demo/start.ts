// `npm start`: the whole product on this machine. With a Stripe test key in .dev.vars it works
// on that account; otherwise a stand-in for Stripe answers, and nothing is needed at all.
import { createCustomerStore } from '../../src/customers/store.ts';
import { createStripe } from '../../src/stripe/client.ts';
import { accounts } from './accounts.ts';
import { withDemoDatabase } from './database.ts';
import { demoSettings } from './settings.ts';
import { seed } from './seed.ts';
import { PortTaken, assertFree, serveStandIn } from './stand-in.ts';
import { startWorker } from './worker.ts';

const worker = { port: Number(process.env['PORT'] ?? 8787), name: 'PORT' };
const standIn = { port: Number(process.env['STRIPE_PORT'] ?? 12111), name: 'STRIPE_PORT' };

try {
  const settings = demoSettings(standIn.port);
  await assertFree(worker);
  const server = await serveStandIn(standIn, accounts);
  const stripe = createStripe({ secretKey: settings.secretKey, apiBase: settings.apiBase });
  await withDemoDatabase(async (database) =>
    seed(stripe, createCustomerStore(database), settings.apiBase !== undefined),
  );
  const running = await startWorker(worker.port, settings.variables);
  stopOnSignal(async () => {
    await running.stop();
    server.close();
  });
  console.log(welcome(settings.apiBase !== undefined));
} catch (error) {
  console.error(error instanceof PortTaken ? error.message : error);
  process.exit(1);
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      console.log('\nStopping.');
      void stop().then(() => process.exit(0));
    });
  }
}

function welcome(usesStandIn: boolean): string {
  const link = `http://localhost:${worker.port}`;
  const provider = `http://localhost:${standIn.port}`;
  const width = Math.max(...accounts.map(({ subject }) => subject.length));
  return [
    '',
    `  The link       ${link}/billing/manage`,
    `  Billing page   ${link}/billing`,
    `  Sign in as     ${provider}/sign-in?return_to=${link}/billing`,
    ...accounts.map(({ subject, shows }) => `                 ${subject.padEnd(width)}  ${shows}`),
    usesStandIn
      ? `  Stripe         a stand-in, no account needed: ${provider}/`
      : '  Stripe         your test account, by the key in .dev.vars',
    '',
    `  By hand        curl -i -H "authorization: Bearer $(curl -s '${provider}/token?account=subscriber')" ${link}/billing/manage`,
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n');
}
