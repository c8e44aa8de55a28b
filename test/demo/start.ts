// `npm start`: the whole product on this machine. With a Stripe test key in .dev.vars it works
// on that account; otherwise a stand-in for Stripe answers, and nothing is needed at all.
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { createLinkKeys } from '../../src/links/keys.ts';
import { mintLink } from '../../src/links/link.ts';
import { createStripe } from '../../src/stripe/client.ts';
import { followMails } from '../local-mails.ts';
import { createWorkspace } from '../with-email.ts';
import { withDemoDatabase } from './database.ts';
import { StartProblem, startProblem } from './ports.ts';
import { seedDatabase, seedStripe } from './seed.ts';
import { demoSettings } from './settings.ts';
import { createShop } from './shop.ts';
import type { StandIn } from '../stripe/index.ts';
import { serveStandIn } from './stand-in.ts';
import { createStops } from './stops.ts';
import { welcome } from './welcome.ts';
import { startWorker } from './worker.ts';

const stops = createStops();

try {
  const { standIn, provider, server, ports, open } = await serveStandIn();
  stops.add(() => server.close());
  const settings = demoSettings(ports, standIn);
  const siteOrigin = `http://localhost:${ports.worker}`;
  const usesStandIn = settings.apiBase !== undefined;
  const workspace = await createWorkspace();
  stops.add(workspace.remove);
  const state = `${workspace.folder}/state`;

  const stripe = createStripe({ secretKey: settings.secretKey, apiBase: settings.apiBase });
  const { ids, price } = await seedStripe(stripe, !usesStandIn).catch((error: unknown) => {
    throw startProblem(error);
  });
  // No call lets a payment of Stripe's fail later on: there the first one is missing.
  if (usesStandIn) leaveUnpaid(standIn);
  await withDemoDatabase(workspace, state, async (database) =>
    seedDatabase(stripe, createStores(database), ids),
  );
  if (usesStandIn) {
    open(createShop({ standIn, provider, stripe, price, siteOrigin }));
    const endpoint = await stripe.webhookEndpoints.create({
      url: 'https://demo.example/api/stripe/webhook',
      enabled_events: EVENT_TYPES,
    });
    // Stripe could not reach this machine; the stand-in can.
    const kept = standIn.state.webhookEndpoints.get(endpoint.id);
    if (kept) kept.url = `${siteOrigin}/api/stripe/webhook`;
    settings.variables['STRIPE_WEBHOOK_SECRET'] = endpoint.secret ?? '';
    const disabled = process.env['WEBHOOKS'] === 'off';
    await stripe.webhookEndpoints.update(endpoint.id, { disabled });
  }
  const { variables, secretsFile } = settings;
  const { configPath, folder } = workspace;
  const { ready, stop } = startWorker({
    configPath,
    state,
    port: ports.worker,
    variables,
    secretsFile,
  });
  stops.add(stop);
  await ready;
  const link = await signedLink(siteOrigin, settings.linkSecret);
  console.log(welcome(siteOrigin, ports, usesStandIn, link));
  const mails = new AbortController();
  stops.add(() => mails.abort());
  void followMails(folder, (text) => console.log(`A mail:\n\n${text}`), mails.signal);
} catch (error) {
  if (!stops.underWay) console.error(error instanceof StartProblem ? error.message : error);
  await stops.run();
  process.exit(1);
}

function leaveUnpaid({ state }: StandIn): void {
  for (const { id, status } of state.subscriptions.values()) {
    if (status === 'incomplete') state.leaveUnpaid(id);
  }
}

/** What `npm run link` prints: a link for Ada, without her being signed in. */
async function signedLink(origin: string, secret: string): Promise<string> {
  const [key] = await createLinkKeys([secret])();
  if (!key) throw new Error('There is one key for one secret.');
  const link = { principal: { subject: 'subscriber' }, flow: undefined, returnTo: undefined };
  const { token } = await mintLink(link, origin, key, new Date());
  return `${origin}/billing/manage?token=${token}`;
}
