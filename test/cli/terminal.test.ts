import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { CTRL_C, ENTER, inTerminal, pick } from './in-terminal.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplace();

/** Types these answers, one after the other. */
const answering = (script: [question: RegExp, keys: string[]][]) => (question: string) =>
  script.find(([about]) => about.test(question))?.[1].shift() ?? CTRL_C;

it('runs as a process, with the exit status of the command', async () => {
  const { link = '' } = JSON.parse(workplace.read('package.json')).scripts as { link?: string };
  const [, script = '', ...first] = link.split(' ');
  const run = async (...words: string[]) =>
    promisify(execFile)(process.execPath, [resolve(script), ...first, ...words], {
      cwd: workplace.directory,
      env: { ...process.env, LINK_SECRET: 'the secret that links are signed with' },
    });
  const { stdout } = await run('--subject=user_42', '--origin=https://shop.example');
  expect(stdout).toMatch(/^https:\/\/shop\.example\/billing\/manage\?token=\S+\n$/);
  await expect(run('--subjekt=user_42')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--subjekt'),
  });
});

it('reads a key that is piped into the process', async () => {
  fillIn(workplace);
  const index = resolve('src/cli/index.ts');
  const child = execFile(process.execPath, [index, 'setup', '--key-stdin', '--dry-run'], {
    cwd: workplace.directory,
    env: { ...process.env, ...workplace.environment },
  });
  child.stdin!.end(`${workplace.key}\r\n`);
  const output = await text(child.stdout!);
  expect(output).toContain('Would: Store STRIPE_SECRET_KEY, a test key, in .dev.vars');
  expect(output).not.toContain(workplace.key);
});

it('says at once what is wrong with a key, then names the accounts and changes nothing unasked', async () => {
  fillIn(workplace);
  // The question stays on the screen after an answer that is refused.
  const keys = `pk_test_00000000${ENTER}${'\u007f'.repeat(16)}${workplace.key}${ENTER}`;
  const { screen, status, questions } = await inTerminal(workplace, ['setup'], (question) =>
    question.startsWith('Stripe’s secret') ? keys : pick(2),
  );
  expect(status).toBe(0);
  expect(screen).toContain('A publishable key (pk_…)');
  expect(questions).toEqual([
    expect.stringMatching(/secret or restricted key/),
    expect.stringMatching(/^Is this right\? Nothing has been changed yet/),
  ]);
  expect(screen).toContain(`${workplace.stripe.state.account}, test mode`);
  expect(screen).toContain('Nothing was changed.');
  expect(workplace.stripe.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(() => workplace.read('.dev.vars')).toThrow('ENOENT');
});

it('offers at Ctrl-C to ask again, and proposes what was answered', async () => {
  workplace.configure({ STRIPE_API_BASE: workplace.origin, PUBLIC_ORIGIN: workplace.origin });
  const { screen, status, questions } = await inTerminal(
    workplace,
    ['setup'],
    answering([
      [/secret or restricted key/, [workplace.key + ENTER]],
      [/How do people sign in/, [`key pair${ENTER}`, ENTER]],
      [/Where does your site run/, [workplace.origin + ENTER, ENTER]],
      [/^Use it all the same/, ['y', 'y']],
      [/publish its keys/, [CTRL_C, CTRL_C]],
      [/How do you want to go on/, [ENTER, CTRL_C]],
    ]),
  );
  expect(questions.filter((question) => /publish its keys/.test(question))).toHaveLength(2);
  expect(screen).toContain('Stopped. Nothing was changed, and no answer is kept.');
  expect(status).toBe(130);
  expect(() => workplace.read('.dev.vars')).toThrow('ENOENT');
});

it('stops at Ctrl-C while it waits for somebody, and says so', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  workplace.configure({ STRIPE_API_BASE: `http://127.0.0.1:${port}` });
  const label = 'Asking Stripe about the key';
  const { status, screen } = await inTerminal(
    workplace,
    ['setup'],
    () => '',
    {},
    { STRIPE_SECRET_KEY: workplace.key },
    undefined,
    label,
  );
  silent.close();
  expect(screen).toContain(label);
  expect(screen).toContain('Stopped. Nothing was changed, and no answer is kept.');
  expect(status).toBe(130);
});
