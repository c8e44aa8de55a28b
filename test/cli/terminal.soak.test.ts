import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { parse } from 'smol-toml';
import { expect, it } from 'vitest';
import { CTRL_C, ENTER, inTerminal } from './in-terminal.ts';
import { migrations } from './local-database.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplace();

const answers = (): [RegExp, string][] => [
  [/secret or restricted key/, workplace.key + ENTER],
  [/How do people sign in/, `key pair${ENTER}`],
  [/Where does your site run/, workplace.origin + ENTER],
  [/publish its keys/, `${workplace.origin}/.well-known/jwks.json${ENTER}`],
  [/`iss`/, ENTER],
  [/`aud`/, ENTER],
  [/Which cookie/, `session${ENTER}`],
  [/sign in\?/, `/sign-in?return_to={return_to}${ENTER}`],
  // The stand-in for Stripe has neither a front page nor a sign-in page.
  [/^Use it all the same/, 'y'],
];
const answerTo = (question: string) =>
  answers().find(([about]) => about.test(question))?.[1] ?? ENTER;

function expectConsistent() {
  const { stripe, read } = workplace;
  parse(read('wrangler.toml'));
  const own = [...stripe.state.configurations.values()].filter((each) => !each.is_default);
  expect(own.length).toBeLessThanOrEqual(1);
  // Stripe cannot reach this machine.
  expect([...stripe.state.webhookEndpoints.values()]).toEqual([]);
}

it('asks for what is missing, and is stopped by Ctrl-C at each question without harm', async () => {
  workplace.configure({ STRIPE_API_BASE: workplace.origin, PUBLIC_ORIGIN: workplace.origin });
  const stoppedAt: string[] = [];
  for (let run = 0; run < 20; run += 1) {
    const { status, questions, screen } = await inTerminal(workplace, ['setup'], (question) =>
      stoppedAt.includes(question) ? answerTo(question) : CTRL_C,
    );
    expectConsistent();
    if (status === 0) {
      expect(screen).toContain('Done.');
      break;
    }
    expect(status).toBe(130);
    expect(screen).toMatch(/Run the command again to (?:begin anew|go on)/);
    stoppedAt.push(questions.findLast((question) => !/want to go on/.test(question))!);
  }
  expect(stoppedAt).toEqual([
    expect.stringMatching(/secret or restricted key/),
    expect.stringMatching(/How do people sign in/),
    expect.stringMatching(/Where does your site run/),
    expect.stringMatching(/publish its keys/),
    expect.stringMatching(/`iss`/),
    expect.stringMatching(/`aud`/),
    expect.stringMatching(/Which cookie/),
    expect.stringMatching(/sign in\?/),
    expect.stringMatching(/^Use it all the same/),
    expect.stringMatching(/^Is this right/),
    expect.stringMatching(/^Write this to .dev.vars/),
    expect.stringMatching(/^Store STRIPE_SECRET_KEY/),
    expect.stringMatching(/0000_initial.sql/),
    expect.stringMatching(/^Create a portal configuration/),
    expect.stringMatching(/^Set PORTALS/),
  ]);
  expect((await workplace.run(['setup', '--yes'])).output).toContain('Nothing to change');
  const { checks }: { checks: { check: string; outcome: string }[] } = JSON.parse(
    (await workplace.run(['doctor', '--json'])).stdout,
  );
  const unwell = checks
    .filter(({ outcome }) => outcome !== 'ok' && outcome !== 'skipped')
    .map(({ check }) => check);
  expect(unwell).toEqual(['identity_audience', 'portal_business', 'webhook_secret']);
});

it('makes none of the changes that are declined', async () => {
  fillIn(workplace);
  workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
  const { status, questions } = await inTerminal(workplace, ['setup'], (question) =>
    question.startsWith('Is this right') ? ENTER : 'n',
  );
  expect(status).toBe(0);
  expect(questions).toHaveLength(3);
  const written = workplace.stripe.requests.filter(({ method }) => method !== 'GET');
  expect(written).toEqual([]);
});

it('deactivates a portal that portal.toml no longer has if y is pressed, and not for Enter', async () => {
  fillIn(workplace);
  workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
  workplace.edit('portal.toml', { portals: { owner: { rules: [{ roles: ['owner'] }] } } });
  expect(await workplace.run(['setup', '--yes'])).toMatchObject({ status: 0 });
  const { PORTALS = '' } = workplace.localVariables();
  const [{ id }] = JSON.parse(PORTALS) as [{ id: string }, ...unknown[]];
  workplace.edit('portal.toml', { portals: { owner: null } });
  for (const [key, active] of [
    [ENTER, true],
    ['y', false],
  ] as const) {
    const { status, questions } = await inTerminal(workplace, ['setup'], (question) =>
      question.startsWith('Deactivate') ? key : ENTER,
    );
    expect(status).toBe(0);
    expect(questions).toContainEqual(
      expect.stringContaining(`Deactivate the portal owner (${id})`),
    );
    expect(workplace.stripe.state.configurations.get(id)!.active).toBe(active);
  }
});

it('stops a fill at Cloudflare at Ctrl-C, as a process, and can be resumed', async () => {
  fillIn(workplace);
  const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
  for (const statement of migrations()) sqlite.exec(statement);
  for (let number = 0; number < 320; number += 1) {
    workplace.stripe.create('/v1/customers', { metadata: { user_id: `user_${number}` } });
  }
  const key = { STRIPE_SECRET_KEY: workplace.key };
  const child = execFile(process.execPath, [resolve('src/cli/index.ts'), 'fill', '--remote'], {
    cwd: workplace.directory,
    env: { ...process.env, ...workplace.environment, ...key },
  });
  let output = '';
  child.stdout!.on('data', (text: string) => {
    output += text;
    if (!child.killed && text.includes(' walked;')) child.kill('SIGINT');
  });
  child.stderr!.on('data', (text: string) => (output += text));
  const status = await new Promise((done) => child.on('exit', done));
  expect(output).toContain('What was walked is kept.');
  expect(status).toBe(130);
  const count = () => sqlite.prepare('select count(*) as customers from customers').get();
  expect(count()).not.toEqual({ customers: 320 });
  expect(await workplace.run(['fill', '--remote'], key)).toMatchObject({ status: 0 });
  expect(count()).toEqual({ customers: 320 });
});
