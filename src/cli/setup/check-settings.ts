import { parseConfig, type Config } from '../../config/config.ts';
import { cookiesOf, wayOfCookies } from '../cookie-way.ts';
import { environmentOf } from '../settings.ts';
import { unusableSettings } from '../unusable.ts';
import type { StripeContext } from './context.ts';
import { KEY_NAME } from './given-key.ts';
import { domainAdvice } from './interview/places.ts';
import { WEBHOOK_SECRET, type WebhookPlan } from './webhook-plan.ts';

/** What the Worker will make of its settings. A Worker on this machine can be set up in parts. */
export type Planned =
  | { kind: 'usable'; config: Config }
  | { kind: 'incomplete'; problems: string[] };

/**
 * Reads all settings as the Worker will, with what the steps ahead will store.
 *
 * @throws OperatorProblem if a deployed Worker would refuse one of them, and with it every request
 */
export function plannedSettings(
  { target, deployed, secretKey, url }: StripeContext,
  webhook: WebhookPlan,
): Planned {
  const stored = new Set(deployed?.kind === 'seen' ? deployed.secrets : []);
  const isLocal = target.place === 'local';
  if (webhook.kind !== 'unknown_address' || isLocal) stored.add(WEBHOOK_SECRET);
  if (target.variables['AUTH_CLIENT_ID']) stored.add('LINK_SECRET');
  const origin = target.variables['PUBLIC_ORIGIN'] || (url?.origin ?? '');
  const variables = { ...target.variables, [KEY_NAME]: secretKey, PUBLIC_ORIGIN: origin };
  const source = { target: { ...target, variables }, stored };
  const parsed = parseConfig(environmentOf(source), target.isMount);
  if (parsed.kind === 'valid') return { kind: 'usable', config: parsed.config };
  if (!isLocal) throw unusableSettings(parsed.problems, 'Nothing was changed.');
  const problems = parsed.problems.map(({ key, remedy }) => `${key}: ${remedy}`);
  return { kind: 'incomplete', problems };
}

/** Whether the site’s cookie reaches the Worker, in words for the operator. */
export type CookieNews = { kind: 'never'; text: string } | { kind: 'needs'; text: string };

/** Undefined where the cookie arrives, or none is needed. */
export function cookieNews({ auth, signInUrl }: Config, url: URL): CookieNews | undefined {
  const names = cookiesOf(auth);
  if (names.length === 0 || (auth.oidc && !auth.site)) return undefined;
  const theirs = (auth.site?.url ?? URL.parse(signInUrl ?? '', url.origin))?.hostname;
  if (theirs === undefined) return undefined;
  const ours = url.hostname;
  const way = wayOfCookies(names, theirs, ours);
  switch (way.kind) {
    case 'arrives':
      return undefined;
    case 'needs_domain':
      return { kind: 'needs', text: domainAdvice(way.domain, ours) };
    case 'host_only':
    case 'other_domain':
      return {
        kind: 'never',
        text: `The cookie ${names.join(', ')} seems to be set on ${theirs}, and never reaches ${ours}: then nobody is recognised. Put the Worker on the site’s host, or let it sign people in (AUTH_CLIENT_ID).`,
      };
    default:
      return way satisfies never;
  }
}
