import { Hono } from 'hono';
import { homePage } from './pages/home.ts';
import { page } from './pages/layout.ts';
import { readFault } from './control-fault.ts';
import type { Context } from 'hono';
import type { Faults } from './faults.ts';
import type { RecordedRequest } from './recorder.ts';
import type { State } from './state.ts';

type Controlled = { state: State; faults: Faults; requests: RecordedRequest[] };

/** What people (forms, 303 to the start page) and scripts (JSON, 204) can change from outside. */
export function createControl({ state, faults, requests }: Controlled) {
  const control = new Hono();

  control.get('/', async () => page(homePage(state, requests)));

  control.post('/control/portal', async (context) => {
    const { saved } = await readInput(context);
    const isSaved = String(saved);
    if (isSaved !== 'true' && isSaved !== 'false') {
      return context.text('Send saved=true or saved=false.\n', 400);
    }
    Object.assign(state.portalSaved, { test: isSaved === 'true', live: isSaved === 'true' });
    return done(context);
  });

  control.post('/control/webhooks', async (context) => {
    const { enabled } = await readInput(context);
    const isEnabled = String(enabled);
    if (isEnabled !== 'true' && isEnabled !== 'false') {
      return context.text('Send enabled=true or enabled=false.\n', 400);
    }
    const status = isEnabled === 'true' ? 'enabled' : 'disabled';
    for (const endpoint of state.webhookEndpoints.values()) endpoint.status = status;
    return done(context);
  });

  control.post('/control/faults', async (context) => {
    const fault = readFault(await readInput(context));
    if (typeof fault === 'string') return context.text(`${fault}\n`, 400);
    faults.order(fault);
    return done(context);
  });

  control.post('/control/faults/clear', (context) => {
    faults.clear();
    return done(context);
  });

  control.get('/control/requests', (context) => {
    const shown = requests.map(({ headers, ...request }) => {
      const { authorization: _secret, ...others } = headers;
      return { ...request, headers: others };
    });
    return context.json(shown, 200, { 'cache-control': 'no-store' });
  });

  control.post('/control/requests/clear', (context) => {
    requests.length = 0;
    return done(context);
  });

  return control;
}

async function readInput(context: Context): Promise<Record<string, unknown>> {
  if (!isJson(context)) return context.req.parseBody();
  const input: unknown = await context.req.json().catch(() => null);
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

function isJson(context: Context): boolean {
  return context.req.header('content-type')?.startsWith('application/json') ?? false;
}

function done(context: Context): Response {
  const isForm = context.req.header('content-type')?.includes('form') ?? false;
  return isForm ? context.redirect('/', 303) : context.body(null, 204);
}
