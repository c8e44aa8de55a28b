import { commonZone } from '../../zone.ts';
import type { Choice } from '../../prompts.ts';
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
  /** Whether the site's requests go through Cloudflare: no route is followed otherwise. */
  isProxied: boolean;
  /** The Worker's host below workers.dev; undefined if it has none. */
  workersDev: string | undefined;
  /** By what visitors are recognised: a cookie that stays on its host, any other one, or none. */
  needs: 'same_host' | 'cookie' | 'nothing';
};

/** The paths that the Worker serves, as patterns of routes: a pattern covers the query, too. */
export const PATHS = ['/billing*', '/api/stripe/*', '/api/links*', '/api/openapi.json*'];

/** The places where visitors can be recognised, the best one first. */
export function placesFor(site: Site): Place[] {
  const { host, zone, isProxied, workersDev, needs } = site;
  const onSite = zone !== undefined && isProxied ? [route(host, zone)] : [];
  const own =
    zone === undefined || needs === 'same_host' || host === ownHostIn(zone)
      ? []
      : [ownHost(site, zone)];
  const rewritten = workersDev === undefined ? [] : [rewrite(host, workersDev)];
  if (needs !== 'nothing') return [...onSite, ...own, ...rewritten];
  const direct: Place[] =
    workersDev === undefined
      ? []
      : [{ kind: 'workers_dev', origin: `https://${workersDev}`, routes: [], open: [] }];
  return [...own, ...direct, ...onSite, ...rewritten];
}

/** Routes of the site's host that lead to the Worker. */
export function route(host: string, zone: string): Place {
  return {
    kind: 'route',
    origin: `https://${host}`,
    routes: PATHS.map((path) => ({ pattern: `${host}${path}`, zone })),
    open: [],
  };
}

const ownHostIn = (zone: string) => `billing.${zone}`;

function ownHost({ host, needs }: Site, zone: string): Place {
  const ours = ownHostIn(zone);
  return {
    kind: 'own_host',
    origin: `https://${ours}`,
    routes: [{ pattern: ours }],
    open: needs === 'cookie' ? [domainAdvice(commonZone(host, ours) ?? zone, ours)] : [],
  };
}

/** What a cookie needs to reach another host of its domain. */
export const domainAdvice = (domain: string, ours: string) =>
  `Give your session cookie the attribute Domain=${domain}, so that it reaches ${ours}.`;

function rewrite(host: string, workersDev: string): Place {
  const paths = PATHS.map((path) => path.replace(/\*$/, '…')).join(', ');
  return {
    kind: 'rewrite',
    origin: `https://${host}`,
    routes: [],
    open: [
      `Let ${host} pass ${paths} on to https://${workersDev}, with cookies and without a cache (a rewrite, or proxy_pass).`,
    ],
  };
}

/** A place, as it is offered. The terminal shows hints of the chosen one only. */
export function choiceOf({ kind, origin }: Place, site: Site): Choice<Place['kind']> {
  const ways: Record<Place['kind'], string> = {
    route: 'a route on your site',
    own_host: 'a host of its own',
    rewrite: 'your site passes requests on',
    workers_dev: 'nothing else is needed',
  };
  const label = `${origin} (${ways[kind]})`;
  const needsDomain = kind === 'own_host' && site.needs === 'cookie';
  return { value: kind, label, ...(needsDomain && { hint: 'the cookie needs Domain' }) };
}
