import { randomBytes } from 'node:crypto';
import { problemWith, type Answers, type Asking, type Values } from './answers.ts';
import { askClient } from './client.ts';
import { askForPlace, askForSite } from './place.ts';
import type { Site } from './places.ts';
import { routeTo } from './route-to.ts';
import { askIssuer, askWhere } from './provider.ts';
import { askSite } from './site.ts';
import { askKeySet, askPresetCookie, askSharedSecret, askSignIn } from './token.ts';
import { nameOf, wayOf, WAYS, type Way } from './ways.ts';

/** How the Worker recognises people who sign in this way. */
type Recognition = 'client' | 'cookie' | 'links';

// Clerk sets its cookie for one host: https://clerk.com/docs/guides/how-clerk-works/overview
const STAYS_ON_HOST = new Set(['clerk']);

function needsOf(way: Way, recognition: Recognition): Site['needs'] {
  if (recognition !== 'cookie') return 'nothing';
  return way.kind === 'provider' && STAYS_ON_HOST.has(way.name) ? 'same_host' : 'cookie';
}

type Said = Pick<Answers, 'settings' | 'secrets'>;

/**
 * Asks how people sign in, where the site and the Worker are, and what follows from that. Tries each
 * answer, and changes nothing. Undefined if there is nobody to ask.
 *
 * @param known  the Worker's origin, where it is settled
 */
export async function interview(
  asking: Asking,
  known: string | undefined,
): Promise<(Answers & { origin: string }) | undefined> {
  const { dialogue } = asking;
  const name = await dialogue.choose('How do people sign in to your site?', WAYS);
  if (name === undefined) return undefined;
  const way = wayOf(name);
  const recognition = await recognitionOf(asking, way);
  if (recognition === undefined) return undefined;
  const site = await askForSite(asking);
  if (site === undefined) return undefined;
  const place =
    known === undefined
      ? await askForPlace(asking, site, needsOf(way, recognition))
      : await routeTo(asking, known);
  if (!place) return undefined;
  const said = await detailsOf(asking, way, recognition, site.origin, place.origin);
  if (!said) return undefined;
  const { origin, routes, open } = place;
  const settings = { ...homeOf(asking, site.origin), ...said.settings };
  return { origin, routes, open, settings, secrets: said.secrets };
}

/** Where the site is, for "Back to …" on the pages. */
function homeOf({ target }: Asking, site: string): Values {
  const isUsable = problemWith('HOME_URL', site) === undefined;
  return target.variables['HOME_URL'] || !isUsable ? {} : { HOME_URL: site };
}

const READS_COOKIE = new Set(['clerk', 'supabase']);

async function recognitionOf({ dialogue }: Asking, way: Way): Promise<Recognition | undefined> {
  if (way.kind === 'links') return 'links';
  if (way.kind === 'issuer') return 'client';
  if (way.kind !== 'provider' || way.name === 'firebase') return 'cookie';
  if (!READS_COOKIE.has(way.name)) return 'client';
  const title = nameOf(way);
  return dialogue.choose<Recognition>('How should the Worker recognise them?', [
    {
      value: 'client',
      label: `It signs them in at ${title}`,
      hint: 'on any host; who is signed in there sees no page',
    },
    {
      value: 'cookie',
      label: `It reads the session cookie of ${title}`,
      hint: 'on your site’s domain',
    },
  ]);
}

async function detailsOf(
  asking: Asking,
  way: Way,
  recognition: Recognition,
  site: string,
  origin: string,
): Promise<Said | undefined> {
  if (way.kind === 'links') {
    return { settings: {}, secrets: { LINK_SECRET: randomBytes(32).toString('base64') } };
  }
  if (way.kind === 'issuer' || way.kind === 'provider') {
    const provider =
      way.kind === 'issuer' ? await askIssuer(asking) : await askWhere(asking, way.name);
    if (!provider) return undefined;
    if (recognition === 'client') return askClient(asking, provider, origin);
    const cookie = await askPresetCookie(asking, provider);
    if (!cookie) return undefined;
    return withSignIn(asking, site, { settings: { ...provider, ...cookie }, secrets: {} });
  }
  return withSignIn(asking, site, await cookieOf(asking, way, site, origin));
}

async function cookieOf(
  asking: Asking,
  way: Extract<Way, { kind: 'site' | 'key_set' | 'shared_secret' }>,
  site: string,
  origin: string,
): Promise<Said | undefined> {
  if (way.kind === 'site') return askSite(asking, way.name, site, origin);
  return way.kind === 'key_set' ? askKeySet(asking) : askSharedSecret(asking);
}

async function withSignIn(
  asking: Asking,
  site: string,
  said: Said | undefined,
): Promise<Said | undefined> {
  if (!said) return undefined;
  const signIn = await askSignIn(asking, site);
  return signIn && { ...said, settings: { ...said.settings, ...signIn } };
}
