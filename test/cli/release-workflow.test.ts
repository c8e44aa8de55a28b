import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const WORKFLOW = readFileSync('.github/workflows/release.yml', 'utf8').replaceAll(/^ *#.*\n/gm, '');
const [before = '', ...rest] = WORKFLOW.split(/^ {2}(?=\w+:$)/m).slice(-3);
const jobs = Object.fromEntries(
  rest.map((text) => [text.slice(0, text.indexOf(':')), text] as const),
);
const runsOf = (job = '') => [...job.matchAll(/run: (.*)/g)].map(([, script]) => script);

it('builds and tests in a job that can neither sign nor publish', () => {
  expect(before).not.toContain('id-token');
  const { test } = jobs;
  expect(test).not.toMatch(/id-token|environment:/);
  expect(runsOf(test)).toEqual(
    expect.arrayContaining(['npm ci', 'npm run check', 'npm test', 'npm run test:package']),
  );
  expect(test).toMatch(/run: npm pack\b/);
  expect(test).toContain('actions/upload-artifact@');
});

it('publishes the tarball of that job, and runs no code of a package while it can', () => {
  const { publish } = jobs;
  expect(publish).toContain('needs: test');
  expect(publish).toContain('id-token: write');
  expect(publish).toContain('actions/download-artifact@');
  expect(publish).not.toContain('actions/checkout@');
  expect(runsOf(publish)).toEqual([expect.stringMatching(/^npm publish "\S+\.tgz" --provenance/)]);
});

it.each([
  ['v1.0.0', 'latest'],
  ['v1.0.0-rc.1', 'next'],
])('publishes %s as %s', (tag, channel) => {
  const [script = ''] = runsOf(jobs['publish']);
  const env = { ...process.env, GITHUB_REF_NAME: tag };
  // As the runner does, with an npm that only says what it was given.
  const said = execFileSync('bash', ['-c', `npm() { echo "$@"; }\n${script}`], { env });
  expect(String(said).trim()).toBe(
    `publish ./portal-link-${tag.slice(1)}.tgz --provenance --ignore-scripts --tag ${channel}`,
  );
});

it('pins every action by its commit', () => {
  const actions = [...WORKFLOW.matchAll(/uses: (.*)/g)].map(([, name]) => name);
  expect(actions.filter((name) => !/@[0-9a-f]{40} # v[\d.]+$/.test(name!))).toEqual([]);
});
