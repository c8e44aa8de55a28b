// `npm start`: the whole product on this machine. With a Stripe test key in .dev.vars it works
// on that account; otherwise a stand-in for Stripe answers, and nothing is needed at all.
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { createCustomerStore } from '../../src/customers/store.ts';
import { createStripe } from '../../src/stripe/client.ts';
import { withDemoDatabase } from './database.ts';
import { seedDatabase, seedStripe } from './seed.ts';
import { demoSettings } from './settings.ts';
import { createShop } from './shop.ts';
import { assertDifferent, assertFree, portFrom, serveStandIn, StartProblem } from './stand-in.ts';
import { createStops } from './stops.ts';
import { welcome } from './welcome.ts';
import { startWorker } from './worker.ts';

const stops = createStops();

try {
  const worker = portFrom('PORT', 8787);
  const standInPort = portFrom('STRIPE_PORT', 12111);
  assertDifferent(worker, standInPort);
  const settings = demoSettings(standInPort.port);
  await assertFree(worker);
  await assertFree(standInPort);
  const siteOrigin = `http://localhost:${worker.port}`;
  const usesStandIn = settings.apiBase !== undefined;

  const { standIn, provider, server, open } = await serveStandIn(standInPort);
  stops.add(() => server.close());
  const stripe = createStripe({ secretKey: settings.secretKey, apiBase: settings.apiBase });
  const { ids, price } = await seedStripe(stripe, !usesStandIn);
  await withDemoDatabase(async (database) =>
    seedDatabase(stripe, createCustomerStore(database), ids),
  );
  if (usesStandIn) {
    open(createShop({ standIn, provider, stripe, price, siteOrigin }));
    const endpoint = await stripe.webhookEndpoints.create({
      url: `${siteOrigin}/api/stripe/webhook`,
      enabled_events: EVENT_TYPES,
    });
    settings.variables['STRIPE_WEBHOOK_SECRET'] = endpoint.secret ?? '';
    const disabled = process.env['WEBHOOKS'] === 'off';
    await stripe.webhookEndpoints.update(endpoint.id, { disabled });
  }
  const { ready, stop } = startWorker(worker.port, settings.variables);
  stops.add(stop);
  await ready;
  console.log(welcome(siteOrigin, `http://localhost:${standInPort.port}`, usesStandIn));
} catch (error) {
  if (!stops.underWay) console.error(error instanceof StartProblem ? error.message : error);
  await stops.run();
  process.exit(1);
}
