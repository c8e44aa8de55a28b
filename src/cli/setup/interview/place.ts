import { addressProblem } from '../address.ts';
import type { Asking } from './answers.ts';
import { tryPage, untilItWorks, type Attempt } from './attempt.ts';
import { choiceOf, placesFor, type Place } from './places.ts';

/** Asks where the site runs, and tries it. Returns its origin. */
export async function askForSite(asking: Asking): Promise<string | undefined> {
  const { dialogue, shell, target } = asking;
  const given = await untilItWorks<string>(
    asking,
    async (before) =>
      dialogue.ask(
        'Where does your site run? (https://example.com)',
        (answer) => addressProblem(answer, target.place),
        before,
      ),
    'Opening your site',
    async (address) => tryPage(new URL(address), shell.fetch),
  );
  return given === undefined ? undefined : new URL(given).origin;
}

/**
 * Asks where the Worker has to be, for visitors of this site to be recognised.
 *
 * @param site  the site's origin
 */
export async function askForPlace(
  asking: Asking,
  site: string,
  needsCookie: boolean,
): Promise<Omit<Place, 'kind'> | undefined> {
  const { dialogue, cloudflare, target } = asking;
  const { hostname: host } = new URL(site);
  const zone = await dialogue.working('Looking for your site at Cloudflare', async () =>
    cloudflare?.zoneOf(host),
  );
  const { subdomain } = cloudflare ?? {};
  const workersDev = subdomain && `${target.workerName}.${subdomain}.workers.dev`;
  const where = { host, zone, workersDev, needsCookie };
  const places = placesFor(where);
  const kind = await untilItWorks<Place['kind'] | 'typed'>(
    asking,
    async () =>
      dialogue.choose('Where should the Worker be?', [
        ...places.map((place) => choiceOf(place, where)),
        { value: 'typed', label: 'At another address', hint: 'you have a route already' },
      ]),
    'Looking it up',
    async (chosen) =>
      tryPlace(
        asking,
        places.find((each) => each.kind === chosen),
      ),
  );
  if (kind === undefined) return undefined;
  return places.find((each) => each.kind === kind) ?? askForAddress(asking);
}

/** A custom domain needs a name that is still free; Cloudflare makes its record. */
async function tryPlace({ shell }: Asking, place: Place | undefined): Promise<Attempt> {
  const host = new URL(place?.origin ?? 'https://unknown.invalid').hostname;
  if (place?.kind === 'own_host' && (await shell.resolves(host))) {
    return {
      kind: 'fails',
      reason: `${host} has a DNS record already. Cloudflare makes one of its own, and refuses while there is another.`,
    };
  }
  return { kind: 'works', found: place ? `The Worker will be at ${place.origin}.` : '' };
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
        : {
            kind: 'fails',
            reason: `DNS has no address for ${hostname}: visitors would not find it.`,
          };
    },
  );
  return given === undefined ? undefined : { origin: new URL(given).origin, routes: [], open: [] };
}
