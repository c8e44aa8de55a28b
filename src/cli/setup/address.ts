import { isLoopback, parseSecureUrl } from '../../config/secure-url.ts';
import type { Dialogue } from '../dialogue.ts';
import { OperatorProblem } from '../problem.ts';
import type { Target } from '../target.ts';
import { setSetting, settingsPlace, type Context } from './context.ts';

const QUESTION = 'At which address will the Worker be? (https://billing.example.com)';

/**
 * Where Stripe and visitors reach the Worker: as the operator says, else as the configuration
 * and Cloudflare say. Both speak of the deployed Worker alone: one on this machine is where --url
 * says, such as behind a tunnel, or nowhere.
 *
 * @param subdomain  the account's part of workers.dev
 * @throws OperatorProblem if the address cannot be the Worker's
 */
export async function addressOf(
  target: Target,
  option: string | undefined,
  subdomain: string | undefined,
  dialogue: Dialogue,
): Promise<URL | undefined> {
  const { place, variables } = target;
  const problemOf = (given: string) => addressProblem(given, place);
  const known = option || (place === 'local' ? undefined : variables['PUBLIC_ORIGIN']);
  const given = known || (await askForAddress(target, subdomain, dialogue, problemOf));
  if (!given) return undefined;
  const problem = problemOf(given);
  if (problem === undefined) return new URL(given);
  throw new OperatorProblem(`${option ? '--url' : 'PUBLIC_ORIGIN'}: ${problem}`);
}

/** The address that is settled: by --url, a setting, or the only route. */
export function onlyAddress(target: Target, option: string | undefined): string | undefined {
  const given = option || target.variables['PUBLIC_ORIGIN'] || routeAddress(target);
  if (!given) return undefined;
  const problem = addressProblem(given, target.place) ?? (option && unreachable(option));
  if (problem) throw new OperatorProblem(`${option ? '--url' : 'PUBLIC_ORIGIN'}: ${problem}`);
  return new URL(given).origin;
}

async function askForAddress(
  target: Target,
  subdomain: string | undefined,
  dialogue: Dialogue,
  problemOf: (given: string) => string | undefined,
): Promise<string | undefined> {
  if (target.place === 'local') return undefined;
  const likely = likelyAddress(target, subdomain);
  return (await dialogue.ask(QUESTION, problemOf, likely)) ?? likely;
}

/** The address of its only route, or the one below workers.dev. */
function likelyAddress(target: Target, subdomain: string | undefined): string | undefined {
  const { routes, isOnWorkersDev, workerName } = target;
  if (routes.length > 0) return routeAddress(target);
  if (!isOnWorkersDev || subdomain === undefined) return undefined;
  return `https://${workerName}.${subdomain}.workers.dev`;
}

function routeAddress({ routes }: Target): string | undefined {
  const [host, ...others] = new Set(routes.map(hostIn));
  return host === undefined || others.length > 0 ? undefined : `https://${host}`;
}

/** The host of a pattern such as `example.com/billing*`; undefined if it has wildcards. */
function hostIn(pattern: string): string | undefined {
  const host = pattern.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
  return host.includes('*') ? undefined : host;
}

/** Stripe refuses it for a webhook endpoint, too: https://github.com/dj-stripe/dj-stripe/pull/1891 */
const unreachable = (given: string) =>
  isLoopback(URL.parse(given)?.hostname ?? '')
    ? 'Stripe cannot reach this machine. Name the address of a tunnel to it, or leave --url out.'
    : undefined;

/** What is wrong with an address of a Worker, or of a site. */
export function addressProblem(given: string, place: Target['place']): string | undefined {
  const url = URL.parse(given);
  if (!url || !/^https?:$/.test(url.protocol)) {
    return 'write an address such as https://billing.example.com.';
  }
  if (place === 'local') return undefined;
  if (isLoopback(url.hostname)) return 'a deployed Worker is not on this machine.';
  return parseSecureUrl(given) ? undefined : 'use https: neither cookies nor links go by http.';
}

/**
 * Tells a deployed Worker its own origin. Otherwise requesters could choose it, so the Worker
 * signs no links and sends no mails. Returns the number of changes.
 */
export async function settlePublicOrigin({ target, url, dialogue }: Context): Promise<0 | 1> {
  if (target.place === 'local' || !url || target.variables['PUBLIC_ORIGIN']) return 0;
  const change = `Set PUBLIC_ORIGIN to ${url.origin} in ${settingsPlace(target)}`;
  if (await dialogue.decide(change)) setSetting(target, 'PUBLIC_ORIGIN', url.origin);
  return 1;
}
