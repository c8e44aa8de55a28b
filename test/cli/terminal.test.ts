import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CTRL_C, ENTER, inTerminal } from './in-terminal.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

let workplace: Workplace;
beforeEach(async () => {
  workplace = await openWorkplace();
});
afterEach(async () => workplace.close());

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
  await expect(run('--subject=user_42')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--origin'),
  });
});

it('says at once what is wrong with an answer', async () => {
  workplace.configure({ STRIPE_API_BASE: workplace.origin });
  let tries = 0;
  const { screen, status } = await inTerminal(workplace, ['setup'], () => {
    tries += 1;
    return tries === 1 ? `pk_test_00000000${ENTER}${CTRL_C}` : CTRL_C;
  });
  expect(status).toBe(130);
  expect(screen).toContain('A publishable key (pk_…)');
});
