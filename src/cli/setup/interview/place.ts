import { addressProblem } from '../address.ts';
import { visit } from '../../worker.ts';
import { problemWith, type Asking } from './answers.ts';
import { untilItWorks, type Attempt, type Tried } from './attempt.ts';
import { choiceOf, placesFor, type Place, type Site } from './places.ts';

/** Where the site runs, and whether Cloudflare passes its requests on. */
export type Found = { origin: string; isProxied: boolean };

/** Asks where the site runs, and tries it. */
export async function askForSite(asking: Asking): Promise<Found | undefined> {
  const { dialogue, shell, target } = asking;
  let isProxied = false;
  const given = await untilItWorks<string>(
    asking,
    async (before) =>
      dialogue.ask(
        'Where does your site run? (https://example.com)',
        (answer) => siteProblem(answer, target.place),
        before,
      ),
    'Opening your site',
    async (address): Promise<Attempt> => {
      const url = new URL(address);
      const visited = await visit(new URL('/', url), shell.fetch);
      if (visited.kind === 'unreachable') {
        return { kind: 'fails', reason: `${url.origin} does not answer: ${visited.reason}.` };
      }
      const { status, headers } = visited.response;
      // https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ray
      isProxied = headers.has('cf-ray');
      const to = URL.parse(headers.get('location') ?? '', url);
      if (status >= 300 && status < 400 && to && to.host !== url.host) {
        const reason = `${url.origin} redirects to ${to.origin}: that is where your visitors are.`;
        return { kind: 'fails', reason, better: to.origin };
      }
      return status === 404 || status >= 500
        ? { kind: 'fails', reason: `${url.origin} answers ${status}.` }
        : { kind: 'works', found: `${url.origin} answers.` };
    },
  );
  return given === undefined ? undefined : { origin: new URL(given).origin, isProxied };
}

/** A deployed Worker leads back to it by https. */
function siteProblem(answer: string, place: 'local' | 'remote'): string | undefined {
  const problem = addressProblem(answer, place);
  if (problem !== undefined || place === 'local') return problem;
  return problemWith('HOME_URL', new URL(answer).origin);
}

/**
 * Asks where the Worker has to be, for visitors of this site to be recognised.
 *
 * @param needs  what a cookie of the site needs to arrive
 */
export async function askForPlace(
  asking: Asking,
  { origin, isProxied }: Found,
  needs: Site['needs'],
): Promise<Omit<Place, 'kind'> | undefined> {
  const { dialogue, cloudflare, target } = asking;
  const { hostname: host } = new URL(origin);
  const found = await dialogue.working('Looking for your site at Cloudflare', async () =>
    cloudflare ? cloudflare.zoneOf(host) : { kind: 'none' as const },
  );
  if (found.kind === 'unseen') {
    dialogue.say(
      'Your access to Cloudflare cannot read zones, so no route is offered. Sign in with `npx wrangler login`, or give the token Zone → Read.',
    );
  }
  const zone = found.kind === 'found' ? found.name : undefined;
  const site = { host, zone, isProxied, workersDev: workersDevOf(asking), needs };
  const places = placesFor(site);
  const kind = await untilItWorks<Place['kind'] | 'typed'>(
    asking,
    async () =>
      dialogue.choose('Where should the Worker be?', [
        ...places.map((place) => choiceOf(place, site)),
        {
          value: 'typed',
          label: 'At another address',
          hint: `you route it to ${target.workerName}`,
        },
      ]),
    'Looking up its host',
    async (chosen) =>
      tryPlace(
        asking,
        places.find((each) => each.kind === chosen),
      ),
  );
  if (kind === undefined) return undefined;
  return places.find((each) => each.kind === kind) ?? askForAddress(asking);
}

function workersDevOf({ cloudflare, target }: Asking): string | undefined {
  if (!target.isOnWorkersDev || cloudflare?.subdomain === undefined) return undefined;
  return `${target.workerName}.${cloudflare.subdomain}.workers.dev`;
}

/** A custom domain needs a name that is still free; Cloudflare makes its record. */
async function tryPlace({ shell }: Asking, place: Place | undefined): Promise<Tried> {
  if (place?.kind !== 'own_host') return { kind: 'works', found: '' };
  const { hostname } = new URL(place.origin);
  if (!(await shell.resolves(hostname))) return { kind: 'works', found: `${hostname} is free.` };
  return {
    kind: 'fails',
    reason: `${hostname} has a DNS record already. Cloudflare makes one of its own, and refuses while there is another.`,
  };
}

async function askForAddress(asking: Asking): Promise<Omit<Place, 'kind'> | undefined> {
  const { dialogue, shell } = asking;
  const given = await untilItWorks<string>(
    asking,
    async (before) =>
      dialogue.ask(
        'At which address will the Worker be? (https://billing.example.com)',
        (answer) => addressProblem(answer, 'remote'),
        before,
      ),
    'Looking it up in DNS',
    async (address) => {
      const { hostname } = new URL(address);
      return (await shell.resolves(hostname))
        ? { kind: 'works', found: `DNS knows ${hostname}.` }
        : { kind: 'fails', reason: `DNS has no address for ${hostname}: nobody would find it.` };
    },
  );
  return given === undefined ? undefined : { origin: new URL(given).origin, routes: [], open: [] };
}
