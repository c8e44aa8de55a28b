import { command } from '../../commands.ts';
import { isNewlyMade } from './database.ts';
import type { Mode } from '../settings.ts';
import { healthIn, visit, visitHealth, type Health, type Visit } from '../worker.ts';
import { failure, ok, skipped, type Finding } from './finding.ts';
import { judgeHealth } from './health.ts';
import type { Subject } from './subject.ts';

/** What each page of the Worker says to browsers and caches. */
const expected: [name: string, value: RegExp][] = [
  ['cache-control', /no-store/],
  // /billing says strict-origin, for its own forms.
  ['referrer-policy', /^(?:no-referrer|strict-origin)$/],
  ['content-security-policy', /frame-ancestors 'none'/],
  ['x-content-type-options', /nosniff/],
  ['strict-transport-security', /max-age=/],
];

/** Looks at the deployed Worker from outside, as a visitor would. */
export async function examineDeployment(
  url: URL,
  subject: Subject,
  mode: Mode,
): Promise<Finding[]> {
  const { target, fetch, now } = subject;
  const here = { target, mode, url, now, isNew: await isNewlyMade(subject) };
  const visited = await visitHealth(url, fetch);
  if (visited.kind === 'unreachable') {
    const next = `Open ${url.origin}/healthz in a browser; check the address, its DNS and the Worker’s route.`;
    return [
      failure('deployment_health', `${url.origin} does not answer: ${visited.reason}.`, next),
      ...judgeHealth(undefined, here),
      skipped('deployment_headers', 'There is no answer to look at.'),
    ];
  }
  const page = await visit(new URL('/billing', url), fetch);
  const health = await healthIn(visited.response);
  return [
    judgeStatus(health, visited.response.status, url),
    ...judgeHealth(health, here),
    judgeHeaders(page, url),
  ];
}

function judgeStatus(health: Health | undefined, status: number, url: URL): Finding {
  if (health && health.status !== 'unavailable' && health.problems.length === 0) {
    return ok('deployment_health', `${url.origin} is complete, and its D1 answers.`);
  }
  if (health) {
    const problems = health.problems.map(({ key, remedy }) => `${key}: ${remedy}`);
    return failure('deployment_health', 'It says that it is not complete.', problems.join(' '));
  }
  return failure(
    'deployment_health',
    `What answers at ${url.origin} with ${status} is not portal-link.`,
    `Deploy by \`${command('deploy')}\`, and check which Worker the route or the domain leads to.`,
  );
}

function judgeHeaders(page: Visit, url: URL): Finding {
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
    `See which rule or proxy before the Worker changes headers; run \`${command('deploy')}\` if the Worker is an old one.`,
  );
}
