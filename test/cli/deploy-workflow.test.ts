import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const WORKFLOW = readFileSync('.github/workflows/deploy.yml', 'utf8').replaceAll(/^ *#.*\n/gm, '');
const [, test = '', deploy = ''] = WORKFLOW.split(/^ {2}(?:test|deploy):$/m);
const steps = (job: string) => job.split(/^ {6}- /m).slice(1);
const find = (job: string, part: string) => steps(job).find((step) => step.includes(part))!;
const scriptOf = (step: string) => {
  const [, block, line] = /run: (?:\|\n((?: {10}.*\n)+)|(.*))/.exec(step)!;
  return block ?? line!;
};
const conditionOf = (text: string) => /\bif: (.*)/.exec(text)?.[1] ?? 'true';

/** Whether GitHub would go on, with these variables and outputs of earlier steps. */
const holds = (condition: string, values: Record<string, string>) =>
  condition.split(' && ').every((each) => {
    const [, name, operator, quoted, number] = /^([\w.]+) (==|!=|>) (?:'(.*)'|(\d+))$/.exec(each)!;
    const value = values[name!] ?? '';
    if (operator === '>') return Number(value) > Number(number);
    return (value === quoted) === (operator === '==');
  });

/** Runs a step as GitHub does, with a doctor that exits with this status. */
function run(step: string, status: number, environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'portal-link-'));
  const output = join(folder, 'output');
  writeFileSync(output, '');
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\nexit ${status}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  const ended = spawnSync('bash', ['-e', '-c', scriptOf(step)], {
    env: {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      GITHUB_OUTPUT: output,
      ...environment,
    },
    encoding: 'utf8',
  });
  const [, found] = /status=(.*)/.exec(readFileSync(output, 'utf8')) ?? [];
  rmSync(folder, { recursive: true });
  return { exit: ended.status, status: found, said: ended.stdout };
}

const PUSH = { 'github.ref': 'refs/heads/main', 'github.event_name': 'push' };
const KEYS = { CLOUDFLARE_API_TOKEN: 'token', STRIPE_SECRET_KEY: 'key' };

it('neither examines nor deploys a copy that is not set up, and says so', () => {
  const [jobCondition] = deploy.split('steps:');
  expect(holds(conditionOf(jobCondition!), PUSH)).toBe(false);
  expect(holds(conditionOf(find(test, '--static')), {})).toBe(false);
  expect(holds(conditionOf(find(test, '::notice::')), {})).toBe(true);

  const isSetUp = { ...PUSH, 'vars.PORTAL_LINK_URL': 'https://billing.example.com' };
  expect(holds(conditionOf(jobCondition!), isSetUp)).toBe(true);
  expect(holds(conditionOf(find(test, '--static')), isSetUp)).toBe(true);
  expect(holds(conditionOf(find(test, '::notice::')), isSetUp)).toBe(false);
});

it.each(Object.keys(KEYS))('does not deploy without the secret %s', (name) => {
  const { exit, said } = run(find(deploy, 'id: before'), 0, { ...KEYS, [name]: '' });
  expect(exit).toBe(1);
  expect(said).toContain(name);
});

it.each([
  ['a Worker that the deploy broke', 1, 3, 'rolled back, red'],
  ['a Worker that was not there', 3, 3, 'red'],
  ['a Worker that was broken before', 3, 3, 'red'],
  ['a Worker that the deploy mended', 3, 0, ''],
  ['an outage at Stripe', 0, 2, 'red'],
  ['a warning', 0, 1, ''],
])('%s: doctor exits with %i, then %i', (_what, before, after, expected) => {
  const outputs: Record<string, string> = {};
  for (const [id, status] of Object.entries({ before, after })) {
    const ended = run(find(deploy, `id: ${id}`), status, KEYS);
    expect(ended.exit).toBe(0);
    outputs[`steps.${id}.outputs.status`] = ended.status!;
  }
  const verdict = [
    ...(holds(conditionOf(find(deploy, 'rollback')), outputs) ? ['rolled back'] : []),
    ...(holds(conditionOf(find(deploy, 'run: exit 1')), outputs) ? ['red'] : []),
  ];
  expect(verdict.join(', ')).toBe(expected);
});
