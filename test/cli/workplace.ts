import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { serve } from '@hono/node-server';
import { parse, stringify, type TomlTable, type TomlValue } from 'smol-toml';
import { createStripe } from '../../src/stripe/client.ts';
import { CloudflareAccount, createCloudflare } from '../cloudflare/index.ts';
import { createIdentityProvider } from '../stripe/identity-provider.ts';
import { createStandIn } from '../stripe/index.ts';

export const PERMISSIONS = [
  'rak_customer_read',
  'rak_subscription_read',
  'rak_product_read',
  'rak_checkout_session_read',
  'rak_event_read',
  'rak_customer_portal_write',
  'rak_webhook_write',
];

const REPOSITORY = resolve(import.meta.dirname, '../..');
const KEY = 'rk_test_operator000000000000000';
// May do all at Stripe that a test needs and the operator's key may not.
const TEST_KEY = 'sk_test_standin0000000000000000';
export const LIVE_KEY = 'rk_live_operator000000000000000';

export type Workplace = Awaited<ReturnType<typeof openWorkplace>>;
export type Run = { status: number | null; output: string; stdout: string };

/** A checkout of this repository, a fresh Stripe account, and a Cloudflare account. */
export async function openWorkplace() {
  const directory = mkdtempSync(join(tmpdir(), 'portal-link-'));
  for (const name of ['src', 'migrations', 'node_modules', 'tsconfig.json', 'package.json']) {
    symlinkSync(join(REPOSITORY, name), join(directory, name));
  }
  for (const name of ['wrangler.toml', 'portal.toml']) {
    copyFileSync(join(REPOSITORY, name), join(directory, name));
  }

  const stripe = createStandIn();
  Object.assign(stripe.state.portalSaved, { test: false, live: false });
  for (const [key, livemode] of [
    [KEY, false],
    [LIVE_KEY, true],
  ] as const) {
    stripe.state.keys.set(key, { livemode, permissions: new Set(PERMISSIONS) });
  }
  const cloudflare = new CloudflareAccount();
  const api = createCloudflare(cloudflare);
  const accounts = [{ subject: 'anna', email: 'anna@example.com', name: 'Anna', shows: '' }];
  let provider: Awaited<ReturnType<typeof createIdentityProvider>> | undefined;
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/client/v4/')) return api.fetch(request);
      if (pathname === '/healthz') return health(cloudflare);
      if (pathname === '/.well-known/jwks.json' && provider) return provider.fetch(request);
      return stripe.fetch(request);
    },
  });
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = await createIdentityProvider({ issuer: origin, accounts });

  const environment = {
    CLOUDFLARE_API_BASE_URL: `${origin}/client/v4`,
    CLOUDFLARE_API_TOKEN: cloudflare.token,
    CLOUDFLARE_ACCOUNT_ID: cloudflare.id,
    WRANGLER_LOG_SANITIZE: 'true',
  };

  const webhookSecrets = () =>
    [...stripe.state.webhookEndpoints.values()].map(({ secret }) => secret);
  const path = (name: string) => join(directory, name);
  const read = (name: string) => readFileSync(path(name), 'utf8');
  const write = (name: string, text: string) => writeFileSync(path(name), text);
  /** Lays a patch over a TOML file: null takes away. Comments are lost, which no command needs. */
  const edit = (name: string, patch: Patch) =>
    write(name, stringify(merge(parse(read(name)), patch)));

  return {
    directory,
    origin,
    stripe,
    api: createStripe({ secretKey: TEST_KEY, apiBase: new URL(origin) }),
    cloudflare,
    key: KEY,
    environment,
    read,
    write,
    edit,
    /** Settings of wrangler.toml: of the top level, and of production. */
    configure(settings: Record<string, string>, table: 'vars' | 'production' = 'vars') {
      edit(
        'wrangler.toml',
        table === 'vars' ? { vars: settings } : { env: { production: { vars: settings } } },
      );
    },
    secrets: (): NodeJS.Dict<string> => parseEnv(read('.dev.vars')),
    /** Runs a command; whatever it prints, there is no secret in it. */
    async run(args: string[], env: Record<string, string> = {}): Promise<Run> {
      const run = await runCommand(directory, args, { ...environment, ...env });
      const secrets = [KEY, LIVE_KEY, cloudflare.token, ...webhookSecrets()];
      const leaked = secrets.filter((secret) => run.output.includes(secret));
      if (leaked.length > 0) throw new Error(`A secret was printed by ${args.join(' ')}`);
      return run;
    },
    webhookSecrets,
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type Patch = { [name: string]: Patch | TomlValue | null };

function merge(table: TomlTable, patch: Patch): TomlTable {
  const merged: TomlTable = { ...table };
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete merged[name];
    else merged[name] = isTable(change) ? merge(merged[name] as TomlTable, change) : change;
  }
  return merged;
}

const isTable = (value: unknown): value is Patch =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings that an operator fills in after cloning; portal.toml stays as it comes. */
export function fillIn(workplace: Workplace, table: 'vars' | 'production' = 'vars') {
  const { origin } = workplace;
  workplace.configure(
    {
      STRIPE_API_BASE: origin,
      AUTH_JWKS_URL: `${origin}/.well-known/jwks.json`,
      AUTH_ISSUER: origin,
      AUTH_COOKIE: 'session',
      SIGN_IN_URL: `${origin}/sign-in?return_to={return_to}`,
    },
    table,
  );
}

/** What the portal says of the business: nothing in portal.toml as it comes. */
export function fillInBusiness(workplace: Workplace) {
  workplace.edit('portal.toml', {
    business_profile: {
      headline: 'Example Shop',
      privacy_policy_url: 'https://example.com/privacy',
      terms_of_service_url: 'https://example.com/terms',
    },
  });
}

/** What a deployed portal-link says of itself. */
function health({ scripts }: CloudflareAccount): Response {
  const isDeployed = [...scripts.values()].some(({ deployed }) => deployed);
  return isDeployed ? Response.json({ status: 'ok' }) : new Response('Not found', { status: 404 });
}

/** Runs a command as npm does, and takes down all that it prints. */
async function runCommand(
  directory: string,
  args: string[],
  env: Record<string, string>,
): Promise<Run> {
  const child = spawn(process.execPath, [join(REPOSITORY, 'src/cli/index.ts'), ...args], {
    cwd: directory,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output, stdout };
}
