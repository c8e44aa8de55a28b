import * as v from 'valibot';
import { failure, ok, skipped, type Finding } from './finding.ts';

const MILLISECONDS = 10_000;

/** What each page of the Worker says to browsers and caches. */
const expected: [name: string, value: RegExp][] = [
  ['cache-control', /no-store/],
  // /billing says same-origin, for its own forms.
  ['referrer-policy', /^(?:no-referrer|same-origin)$/],
  ['content-security-policy', /frame-ancestors 'none'/],
  ['x-content-type-options', /nosniff/],
  ['strict-transport-security', /max-age=/],
];

/** Looks at the deployed Worker from outside, as a visitor would. */
export async function examineDeployment(url: URL): Promise<Finding[]> {
  const health = await look(new URL('/healthz', url));
  if (health.kind === 'unreachable') {
    const next = `Open ${url.origin}/healthz in a browser; check the address, its DNS and the Worker’s route.`;
    return [
      failure('deployment_health', `${url.origin} does not answer: ${health.reason}.`, next),
      skipped('deployment_headers', 'There is no answer to look at.'),
    ];
  }
  const page = await look(new URL('/billing', url));
  return [await judgeHealth(health.response, url), judgeHeaders(page, url)];
}

type Look = { kind: 'answered'; response: Response } | { kind: 'unreachable'; reason: string };

async function look(url: URL): Promise<Look> {
  try {
    const signal = AbortSignal.timeout(MILLISECONDS);
    return { kind: 'answered', response: await fetch(url, { redirect: 'manual', signal }) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const reason = cause instanceof Error ? cause.message : 'no connection';
    return { kind: 'unreachable', reason };
  }
}

/** What `/healthz` of portal-link says; whatever says anything else is no portal-link. */
const healthOfPortalLink = v.object({
  status: v.picklist(['ok', 'unavailable']),
  problems: v.optional(v.array(v.object({ key: v.string(), remedy: v.string() })), []),
});

async function readHealth(response: Response) {
  const result = v.safeParse(healthOfPortalLink, await response.json().catch(() => null));
  return result.success ? result.output : undefined;
}

async function judgeHealth(response: Response, url: URL): Promise<Finding> {
  const health = await readHealth(response);
  if (health?.status === 'ok') {
    return ok('deployment_health', `${url.origin} is complete, and its D1 answers.`);
  }
  if (health?.status === 'unavailable') {
    const problems = health.problems.map(({ key, remedy }) => `${key}: ${remedy}`);
    return failure('deployment_health', 'It says that it is not complete.', problems.join(' '));
  }
  return failure(
    'deployment_health',
    `What answers at ${url.origin} with ${response.status} is no portal-link.`,
    'Deploy by `npm run deploy`, and check which Worker the route or the domain leads to.',
  );
}

/** Whether portal-link is deployed there. */
export async function isDeployed(url: URL): Promise<boolean> {
  const health = await look(new URL('/healthz', url));
  return health.kind === 'answered' && (await readHealth(health.response)) !== undefined;
}

function judgeHeaders(page: Look, url: URL): Finding {
  if (page.kind === 'unreachable')
    return skipped('deployment_headers', 'The page does not answer.');
  const secure = url.protocol === 'https:';
  const missing = expected
    .filter(([name]) => secure || name !== 'strict-transport-security')
    .filter(([name, value]) => !value.test(page.response.headers.get(name) ?? ''))
    .map(([name]) => name);
  if (missing.length === 0) return ok('deployment_headers', 'As the Worker sends them.');
  return failure(
    'deployment_headers',
    `Missing or changed: ${missing.join(', ')}.`,
    'See which rule or proxy before the Worker changes headers; run `npm run deploy` if the Worker is an old one.',
  );
}
