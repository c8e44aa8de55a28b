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
import { parseEnv, stripVTControlCharacters } from 'node:util';
import { serve } from '@hono/node-server';
import { parse, stringify, type TomlTable, type TomlValue } from 'smol-toml';
import { openDatabase } from '../../src/cli/d1/open.ts';
import { main } from '../../src/cli/main.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { createWrangler } from '../../src/cli/wrangler.ts';
import { VERSION } from '../../src/version.ts';
import { createStripe } from '../../src/stripe/client.ts';
import { CloudflareAccount, createCloudflare } from '../cloudflare/index.ts';
import { createIdentityProvider } from '../stripe/identity-provider.ts';
import { createStandIn } from '../stripe/index.ts';
import { configBeside } from '../with-email.ts';

export const PERMISSIONS = [
  'rak_customer_read',
  'rak_subscription_read',
  'rak_product_read',
  'rak_checkout_session_read',
  'rak_event_read',
  'rak_customer_portal_write',
  'rak_webhook_write',
  'rak_invoice_read',
  'rak_payment_intent_read',
];

const REPOSITORY = resolve(import.meta.dirname, '../..');
const KEY = 'rk_test_operator000000000000000';
// May do all at Stripe that a test needs and the operator's key may not.
const TEST_KEY = 'sk_test_standin0000000000000000';
export const LIVE_KEY = 'rk_live_operator000000000000000';
/** Where the deployed Worker is; the stand-ins answer there. */
export const ADDRESS = 'https://billing.example.com';

/** What each page of a deployed portal-link has. */
const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=31536000',
};

export type Workplace = Awaited<ReturnType<typeof openWorkplace>>;
export type Run = { status: number; output: string; stdout: string };

/**
 * A checkout of this repository, a new Stripe account, and a Cloudflare account.
 *
 * @param database  the local D1, in place of the one in the checkout
 */
export async function openWorkplace(database?: D1Database) {
  const directory = mkdtempSync(join(tmpdir(), 'portal-link-'));
  for (const name of [
    '.ci',
    'src',
    'migrations',
    'node_modules',
    'tsconfig.json',
    'package.json',
  ]) {
    symlinkSync(join(REPOSITORY, name), join(directory, name));
  }
  writeFileSync(join(directory, 'wrangler.toml'), stringify(configBeside()));
  copyFileSync(join(REPOSITORY, 'test/as-it-comes/portal.toml'), join(directory, 'portal.toml'));

  const stripe = createStandIn();
  Object.assign(stripe.state.portalSaved, { test: false, live: false });
  for (const [key, livemode] of [
    [KEY, false],
    [LIVE_KEY, true],
  ] as const) {
    stripe.state.keys.set(key, { livemode, permissions: new Set(PERMISSIONS) });
  }
  const cloudflare = new CloudflareAccount('Example Ltd');
  const otherCloudflare = new CloudflareAccount('Playground', '9');
  const api = createCloudflare([cloudflare, otherCloudflare]);
  let healthy: object | undefined;
  const well = () => ({
    status: 'ok',
    version: VERSION,
    mode: 'test',
    last_run: new Date().toISOString(),
    first_fill: 'complete',
    backlog: { customers: 0, failing: 0, seconds: 0 },
  });
  // On a route of the site's host, it has /healthz itself.
  let healthPath = '/billing/healthz';
  const accounts = [{ subject: 'anna', email: 'anna@example.com', name: 'Anna', shows: '' }];
  let provider: Awaited<ReturnType<typeof createIdentityProvider>> | undefined;
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/client/v4/')) return api.fetch(request);
      if (pathname === healthPath) return health(cloudflare, healthy ?? well());
      if (pathname === '/healthz') return new Response('the site is well');
      if (pathname === '/billing') return new Response('', { headers: PAGE_HEADERS });
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
  /** What a command runs with, and all that it prints. */
  const createShell = (given: Record<string, string> = {}, input = new Uint8Array()) => {
    const printed = { stdout: '', output: '' };
    const env: NodeJS.ProcessEnv = { ...process.env, ...environment, ...given };
    const printError = (text: string) => void (printed.output += stripVTControlCharacters(text));
    const print = (text: string) => {
      printed.stdout += stripVTControlCharacters(text);
      printError(text);
    };
    const wrangler = createWrangler(directory, env);
    const shell: Shell = {
      directory,
      environment: env,
      isInteractive: false,
      readInput: async () => input,
      wait: async (milliseconds) => void waits.push(milliseconds),
      onInterrupt: () => () => {},
      fetch: async ({ href }, init) => fetch(href.replace(`${ADDRESS}/`, `${origin}/`), init),
      resolves: async (host) => hosts.has(host),
      print,
      printError,
      wrangler,
      async showWrangler(args) {
        const { status, stdout, stderr } = await wrangler(args);
        print(stdout);
        printError(stderr);
        return status;
      },
      async openDatabase(ours, target, folder) {
        if (!database || target.place !== 'local') return openDatabase(ours, target, folder);
        return { kind: 'open', database, close: async () => {} };
      },
    };
    return { shell, printed };
  };

  const waits: number[] = [];
  const hosts = new Set<string>();
  const path = (name: string) => join(directory, name);
  const read = (name: string) => readFileSync(path(name), 'utf8');
  const write = (name: string, content: string | Uint8Array) => writeFileSync(path(name), content);
  /** Lays a patch over a TOML file: null takes away. Comments are lost, which no command needs. */
  const edit = (name: string, patch: Patch) =>
    write(name, stringify(merge(parse(read(name)), patch)));

  return {
    directory,
    origin,
    stripe,
    api: createStripe({ secretKey: TEST_KEY, apiBase: new URL(origin) }),
    cloudflare,
    /** Another account that the operator has, with a token of its own. */
    otherCloudflare,
    /** What leads the commands to that account. */
    inOtherAccount: {
      CLOUDFLARE_API_TOKEN: otherCloudflare.token,
      CLOUDFLARE_ACCOUNT_ID: otherCloudflare.id,
    },
    key: KEY,
    environment,
    read,
    write,
    edit,
    /** Sets entries of [vars] in wrangler.toml. */
    configure: (settings: Record<string, string>) => edit('wrangler.toml', { vars: settings }),
    localVariables: (): NodeJS.Dict<string> => parseEnv(read('.dev.vars')),
    createShell,
    /** How long the commands would have waited, in milliseconds. */
    waits,
    /** What DNS knows. */
    hosts,
    /** What a deployed Worker says of itself from now on. */
    answerHealth: (answer: object) => void (healthy = answer),
    /** As a release before 0.2.0, which knows /healthz only. */
    answerAsBefore: () => {
      healthy = { status: 'ok' };
      healthPath = '/healthz';
    },
    /** Runs a command in this process. Whatever it prints, there is no secret in it. */
    run: async (
      args: string[],
      given?: Record<string, string>,
      input?: Uint8Array<ArrayBuffer>,
    ): Promise<Run> => {
      const { shell, printed } = createShell(given, input);
      const status = await main(args, shell);
      const secrets = [KEY, LIVE_KEY, cloudflare.token, ...webhookSecrets()];
      const leaked = secrets.filter((secret) => printed.output.includes(secret));
      if (leaked.length > 0) throw new Error(`A secret was printed by ${args.join(' ')}`);
      return { status, ...printed };
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
export function fillIn(workplace: Workplace) {
  workplace.configure({
    STRIPE_API_BASE: workplace.origin,
    AUTH_JWKS_URL: `${workplace.origin}/.well-known/jwks.json`,
    AUTH_ISSUER: workplace.origin,
    AUTH_AUDIENCE: 'shop',
    AUTH_COOKIE: 'session',
    SIGN_IN_URL: `${workplace.origin}/sign-in?return_to={return_to}`,
  });
}

/** The same, with the key in .dev.vars. */
export function fillInWithKey(workplace: Workplace) {
  fillIn(workplace);
  workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
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
function health({ scripts }: CloudflareAccount, answer: object): Response {
  const isDeployed = [...scripts.values()].some(({ deployed }) => deployed);
  return isDeployed ? Response.json(answer) : new Response('Not found', { status: 404 });
}
