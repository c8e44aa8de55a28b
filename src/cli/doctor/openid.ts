import type { Config } from '../../config/config.ts';
import { discoveryAddress, fetchMetadata, type Metadata } from '../../identity/discovery.ts';
import { configOf } from '../settings.ts';
import { visit, visitHealth } from '../worker.ts';
import type { Check } from './checks.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { isAboutKeys } from './identity.ts';
import { examineClient } from './openid-client.ts';
import { examineRedirect } from './openid-redirect.ts';
import type { Subject } from './subject.ts';

const MOST_SECONDS_APART = 60;

const OTHERS: Check[] = [
  'openid_redirect',
  'openid_client',
  'openid_scopes',
  'openid_claims',
  'openid_clock',
];
const ALL: Check[] = ['openid_discovery', ...OTHERS];

type Auth = Config['auth'];

/** Looks at the provider that people sign in at. Nothing, if the Worker signs nobody in. */
export async function examineOpenId(subject: Subject): Promise<Finding[]> {
  if (!subject.target.variables['AUTH_CLIENT_ID']) return [];
  const auth = configOf(subject, isAboutKeys)?.auth;
  if (!auth?.oidc) return skipAll(ALL, 'The settings of the keys come first.');
  const { issuer = '', oidc } = auth;
  try {
    const metadata = await fetchMetadata(issuer);
    const redirect = await examineRedirect(subject, auth, oidc);
    return [
      ok('openid_discovery', `${issuer} says where people sign in.`),
      redirect,
      redirect.outcome === 'failure'
        ? skipped('openid_client', 'The registered address comes first.')
        : await examineClient(subject, auth, oidc),
      examineScopes(oidc.scopes, metadata),
      examineClaims(auth, metadata),
      await examineClock(issuer, subject),
    ];
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return [
      failure(
        'openid_discovery',
        `The discovery document cannot be used: ${reason}.`,
        `Open ${discoveryAddress(issuer)} : it should name ${issuer} as its issuer. Check AUTH_PROVIDER, AUTH_DOMAIN, AUTH_TENANT or AUTH_ISSUER.`,
      ),
      ...skipAll(OTHERS, 'The discovery document comes first.'),
    ];
  }
}

const skipAll = (names: Check[], reason: string) => names.map((name) => skipped(name, reason));

function examineScopes(scopes: string, { scopes_supported: supported }: Metadata): Finding {
  const missing = supported ? scopes.split(' ').filter((each) => !supported.includes(each)) : [];
  if (missing.length === 0) return ok('openid_scopes', `Asked for: ${scopes}.`);
  return warning(
    'openid_scopes',
    `The provider does not list ${missing.join(', ')}.`,
    'Set AUTH_SCOPES to scopes that it has, or add them at the provider.',
  );
}

function examineClaims({ claims }: Auth, { claims_supported: supported }: Metadata): Finding {
  const needed = [...claims.subjects, ...(claims.customer === undefined ? [] : [claims.customer])];
  const missing = supported ? needed.filter((each) => !supported.includes(each)) : [];
  if (missing.length === 0) return ok('openid_claims', `Read: ${needed.join(', ')}.`);
  return warning(
    'openid_claims',
    `The provider does not list ${missing.join(', ')} among its claims.`,
    'See that its ID tokens have it: a provider need not list claims of your own.',
  );
}

/** Compares the provider's clock with the Worker's, or with this machine's. */
async function examineClock(
  issuer: string,
  { url, fetch: fetchWorker }: Subject,
): Promise<Finding> {
  const [provider, worker] = await Promise.all([
    visit(new URL(discoveryAddress(issuer)), fetch),
    url && visitHealth(url, fetchWorker),
  ]);
  const theirs = timeOf(provider);
  const ours = worker ? timeOf(worker) : Date.now();
  if (theirs === undefined || ours === undefined) {
    return skipped('openid_clock', 'An answer does not say what time it is.');
  }
  const seconds = Math.round((theirs - ours) / 1000);
  const other = worker ? 'the Worker’s' : 'this machine’s';
  if (Math.abs(seconds) <= MOST_SECONDS_APART) {
    return ok('openid_clock', `The provider’s and ${other} agree.`);
  }
  return warning(
    'openid_clock',
    `The provider’s clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ${other}.`,
    'Set the clock that is wrong by a time server (NTP).',
  );
}

function timeOf(visited: Awaited<ReturnType<typeof visit>>): number | undefined {
  if (visited.kind === 'unreachable') return undefined;
  const time = Date.parse(visited.response.headers.get('date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}
