import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { SECRET_NAMES } from '../../src/cli/variables.ts';
import { settingNames } from '../../src/config/settings.ts';
import { portalsOf } from '../stripe/portals-setting.ts';
import type { StandIn } from '../stripe/index.ts';
import { StartProblem, type Ports } from './ports.ts';
import { CLIENT_ID, issuerOf, shopOrigin } from './stand-in.ts';

const STAND_IN_KEY = 'sk_test_standin0000000000000000';
const STAND_IN_WEBHOOK_SECRET = 'whsec_standin0000000000000000000000';

// The demo has its own identity provider and address, whatever .dev.vars says for `npm run dev`.
// Only portals belong to the account, like its key. Empty means: not set.
const KEPT = new Set([...SECRET_NAMES, 'PORTALS', 'PORTAL_CONFIGURATION']);
const nothingSet = Object.fromEntries(
  settingNames.filter((name) => !KEPT.has(name)).map((name) => [name, '']),
);

/** What the Worker is started with: the demo's identity provider, and Stripe or the stand-in. */
export function demoSettings(
  ports: Ports,
  standIn: StandIn,
): {
  secretKey: string;
  apiBase: URL | undefined;
  linkSecret: string;
  secretsFile: string | undefined;
  variables: Record<string, string>;
} {
  const origin = `http://localhost:${ports.standIn}`;
  const devVars = existsSync('.dev.vars') ? parseEnv(readFileSync('.dev.vars', 'utf8')) : {};
  const ownKey = devVars['STRIPE_SECRET_KEY'] ?? '';
  if (/_live_/.test(ownKey)) {
    throw new StartProblem(
      '.dev.vars holds a live key. `npm start` makes demo customers: use a test key.',
    );
  }
  const usesStripe = /^(?:sk|rk)_test_\w{8,}$/.test(ownKey);
  const ownWebhookSecret = /^whsec_\w{8,}$/.exec(devVars['STRIPE_WEBHOOK_SECRET'] ?? '')?.[0];
  // Of this run only: no link of a demo outlives it.
  const linkSecret = randomBytes(32).toString('base64url');
  return {
    secretKey: usesStripe ? ownKey : STAND_IN_KEY,
    apiBase: usesStripe ? undefined : new URL(origin),
    linkSecret,
    secretsFile: usesStripe ? resolve('.dev.vars') : undefined,
    variables: {
      ...nothingSet,
      LINK_SECRET: linkSecret,
      EMAIL_FROM: 'billing@example.com',
      STRIPE_WEBHOOK_SECRET: ownWebhookSecret ?? STAND_IN_WEBHOOK_SECRET,
      // The shop sells at the stand-in only, which has a portal of its own.
      ...(!usesStripe && {
        PORTAL_CONFIGURATION: '',
        PORTALS: portalsOf(standIn.state),
        STRIPE_SECRET_KEY: STAND_IN_KEY,
        STRIPE_API_BASE: origin,
        PRICING_URL: `${shopOrigin(ports)}/pricing`,
      }),
      AUTH_ISSUER: issuerOf(ports),
      AUTH_CLIENT_ID: CLIENT_ID,
      PUBLIC_ORIGIN: `http://localhost:${ports.worker}`,
      SUPPORT_URL: 'mailto:help@example.com',
      BRAND_NAME: 'Example Shop',
    },
  };
}
