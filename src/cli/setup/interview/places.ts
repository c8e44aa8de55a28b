import { commonZone } from '../../zone.ts';
import type { Choice } from '../../dialogue.ts';
import type { Route } from '../../routes.ts';

/** Where the Worker can be, and what follows. */
export type Place = {
  kind: 'route' | 'own_host' | 'rewrite' | 'workers_dev';
  origin: string;
  routes: Route[];
  /** What the operator has to do for it. */
  open: string[];
};

export type Site = {
  /** The site's host. */
  host: string;
  /** The zone of the Cloudflare account that the site is in. */
  zone: string | undefined;
  /** The Worker's host below workers.dev; undefined if the account has none. */
  workersDev: string | undefined;
  /** Whether visitors are recognised by a cookie of the site. */
  needsCookie: boolean;
};

/** The paths that the Worker serves, as patterns of routes: a pattern covers the query, too. */
const PATHS = ['/billing*', '/api/stripe/*', '/api/links*'];

/** The places where visitors can be recognised, the best one first. */
export function placesFor(site: Site): Place[] {
  const { zone, workersDev, needsCookie } = site;
  const own = zone === undefined ? [] : [ownHost(site, zone)];
  const onSite = zone === undefined ? [] : [route(site.host, zone)];
  const rewritten = workersDev === undefined ? [] : [rewrite(site.host, workersDev)];
  if (needsCookie) return [...onSite, ...own, ...rewritten];
  const direct: Place[] =
    workersDev === undefined
      ? []
      : [{ kind: 'workers_dev', origin: `https://${workersDev}`, routes: [], open: [] }];
  return [...own, ...direct, ...onSite, ...rewritten];
}

function route(host: string, zone: string): Place {
  return {
    kind: 'route',
    origin: `https://${host}`,
    routes: PATHS.map((path) => ({ pattern: `${host}${path}`, zone })),
    open: [],
  };
}

function ownHost({ host, needsCookie }: Site, zone: string): Place {
  const ours = `billing.${zone}`;
  const domain = commonZone(host, ours) ?? zone;
  return {
    kind: 'own_host',
    origin: `https://${ours}`,
    routes: [{ pattern: ours }],
    open: needsCookie
      ? [`Give your session cookie the attribute Domain=${domain}, so that it reaches ${ours}.`]
      : [],
  };
}

function rewrite(host: string, workersDev: string): Place {
  return {
    kind: 'rewrite',
    origin: `https://${host}`,
    routes: [],
    open: [
      `Let ${host} pass /billing, /billing/*, /api/stripe/* and /api/links on to https://${workersDev}, with cookies and without a cache (a rewrite, or proxy_pass).`,
    ],
  };
}

const LABELS: Record<Place['kind'], string> = {
  route: 'On your site, by a route',
  own_host: 'On a host of its own',
  rewrite: 'On your site, by a rewrite',
  workers_dev: 'Below workers.dev',
};

/** A place, as it is offered. */
export function choiceOf(place: Place, { zone, needsCookie }: Site): Choice<Place['kind']> {
  const { kind, origin } = place;
  const hints: Record<Place['kind'], string> = {
    route: `the zone ${zone} is in this account; every cookie arrives`,
    own_host: needsCookie ? `your session cookie needs Domain=${zone}` : 'Cloudflare makes it',
    rewrite: 'your host passes requests on; nothing has to be at Cloudflare',
    workers_dev: 'nothing else is needed',
  };
  return { value: kind, label: `${LABELS[kind]}: ${origin}/billing/manage`, hint: hints[kind] };
}
