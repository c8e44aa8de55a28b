import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CTRL_C, ENTER, inTerminal } from './in-terminal.ts';
import { fillIn, openWorkplace, type Workplace } from './workplace.ts';

let workplace: Workplace;
beforeEach(async () => {
  workplace = await openWorkplace();
});
afterEach(async () => workplace.close());

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
  const endpoints = [...stripe.state.webhookEndpoints.values()];
  expect(endpoints.length).toBeLessThanOrEqual(1);
  if (endpoints[0])
    expect(workplace.localVariables()['STRIPE_WEBHOOK_SECRET']).toBe(endpoints[0].secret);
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
    expect(screen).toContain('Run the command again to go on');
    stoppedAt.push(questions.at(-1)!);
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
    expect.stringMatching(/^Create a webhook endpoint/),
    expect.stringMatching(/^Create a portal configuration/),
    expect.stringMatching(/^Set PORTALS/),
  ]);
  expect((await workplace.run(['setup', '--yes'])).output).toContain('Nothing to change');
  const { checks }: { checks: { check: string; outcome: string }[] } = JSON.parse(
    (await workplace.run(['doctor', '--json'])).stdout,
  );
  const unwell = checks.filter(({ outcome }) => outcome !== 'ok').map(({ check }) => check);
  expect(unwell).toEqual(['identity_audience', 'portal_business']);
});

it('makes none of the changes that are declined', async () => {
  fillIn(workplace);
  workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
  const { status, questions } = await inTerminal(
    workplace,
    ['setup', '--url', workplace.origin],
    (question) => (question.startsWith('Is this right') ? ENTER : 'n'),
  );
  expect(status).toBe(0);
  expect(questions).toHaveLength(4);
  const written = workplace.stripe.requests.filter(({ method }) => method !== 'GET');
  expect(written).toEqual([]);
});
