import { page } from '../../../commands.ts';
import { SITES, siteSessionOf, type SiteName } from '../../../config/site-session.ts';
import { addressOf, probeSite, type SiteProbe } from '../../site-probe.ts';
import { pasteProblem } from '../oddity.ts';
import { problemWith, type Answers, type Asking, type Values } from './answers.ts';
import { untilItWorks, type Tried } from './attempt.ts';

type Said = Pick<Answers, 'settings' | 'secrets'>;

/**
 * Asks how the Worker learns from a site who a visitor is, and tries the site's session endpoint.
 *
 * @param site  the site's origin
 * @param origin  the Worker's
 */
export async function askSite(
  asking: Asking,
  name: SiteName,
  site: string,
  origin: string,
): Promise<Said | undefined> {
  const { dialogue } = asking;
  if (name === 'authjs') {
    const secret = await dialogue.askSecret(
      'The secret of Auth.js (AUTH_SECRET in your site; not shown)',
      (given) => pasteProblem('AUTH_SECRET', given) ?? problemWith('AUTHJS_SECRET', given),
    );
    return secret === undefined ? undefined : { settings: {}, secrets: { AUTHJS_SECRET: secret } };
  }
  const cookies = await cookiesOf(asking, name);
  if (!cookies) return undefined;
  const settings = await untilItWorks<Values>(
    asking,
    async (before) => askEndpoint(asking, name, { site, origin, cookies, before }),
    'Asking your site about a made-up session',
    async (given) => tryEndpoint(name, given, origin),
  );
  return settings === undefined ? undefined : { settings, secrets: {} };
}

async function cookiesOf({ dialogue }: Asking, name: SiteName): Promise<Values | undefined> {
  if (SITES[name].cookies.length > 0) return {};
  const cookies = await dialogue.ask(
    'Which cookie holds the session? (Rails: _shop_session, after the name of the application)',
    (given) => problemWith('SESSION_COOKIES', given),
  );
  return cookies === undefined ? undefined : { SESSION_COOKIES: cookies };
}

/** Where src/identity/SESSIONS.md puts the endpoint of a recipe. Django’s addresses end with a slash. */
const endpointOf = (name: SiteName) =>
  name === 'django' ? '/api/billing-session/' : '/api/billing-session';

type Endpoint = { site: string; origin: string; cookies: Values; before: Values | undefined };

async function askEndpoint(
  { dialogue }: Asking,
  name: SiteName,
  { site, origin, cookies, before }: Endpoint,
): Promise<Values | undefined> {
  const preset = SITES[name];
  const path = 'path' in preset ? preset.path : endpointOf(name);
  const initial = before?.['SESSION_URL'] ?? `${site}${withoutQuery(path)}`;
  const given = await dialogue.ask(
    name === 'better-auth'
      ? 'Where does Better Auth say who somebody is?'
      : `At which address does your site say who somebody is? (${page('src/identity/SESSIONS.md')} has the endpoint to add)`,
    (answer) => problemWith('SESSION_URL', answer, { PUBLIC_ORIGIN: origin }),
    initial,
  );
  if (given === undefined) return undefined;
  const settings = { SESSION_PRESET: name, ...cookies };
  const url = new URL(given, site);
  const isOfPreset = withoutQuery(path) === url.pathname;
  // The preset has the address, with its parameters, where the site is the Worker's own host.
  if (isOfPreset && url.origin === origin && 'path' in preset) return settings;
  if (isOfPreset && url.search === '') url.search = path.slice(withoutQuery(path).length);
  const isElsewhere = url.host !== new URL(origin).host;
  return {
    ...settings,
    SESSION_URL: url.href,
    ...(isElsewhere && { SESSION_HOST: url.host }),
  };
}

const withoutQuery = (path: string) => path.replace(/\?.*$/s, '');

async function tryEndpoint(name: SiteName, settings: Values, origin: string): Promise<Tried> {
  const session = siteSessionOf({
    SESSION_PRESET: name,
    SESSION_URL: settings['SESSION_URL'],
    SESSION_COOKIES: settings['SESSION_COOKIES']?.split(/\s*,\s*/),
    PUBLIC_ORIGIN: origin,
  });
  if (!session) return { kind: 'fails', reason: 'This is no address that the Worker can ask.' };
  return judge(await probeSite(session), session.url);
}

function judge(probe: SiteProbe, url: URL): Tried {
  const address = addressOf(url);
  switch (probe.kind) {
    case 'nobody':
      return {
        kind: 'works',
        found: `${address} knows nobody by a made-up session, as it should.`,
      };
    case 'somebody':
      return {
        kind: 'fails',
        reason: `${address} names somebody for a session that nobody has: everybody would get this account.`,
      };
    case 'moved':
      return {
        kind: 'fails',
        reason: `${address} redirects to ${addressOf(probe.to)}, and the Worker follows no redirect.`,
      };
    case 'broken':
      return {
        kind: 'fails',
        reason: `${probe.reason} (${address}). It should answer JSON: null for somebody who is not signed in.`,
      };
    default:
      return probe satisfies never;
  }
}
