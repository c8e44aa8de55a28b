import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { expect, it } from 'vitest';
import { createCustomers } from './filling.ts';
import { CTRL_C } from './in-terminal.ts';
import { migrations } from './local-database.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplace(fillIn);

/** `npm run …` as in an operator's terminal, with Ctrl-C at each of these words on the screen. */
async function npmRun(words: string[], interruptAt: string[]): Promise<string> {
  const terminal = spawn('npm', ['run', ...words], {
    cwd: workplace.directory,
    cols: 160,
    env: {
      ...process.env,
      ...workplace.environment,
      STRIPE_SECRET_KEY: workplace.key,
      NO_COLOR: '1',
    },
  });
  let screen = '';
  const left = [...interruptAt];
  terminal.onData((data) => {
    screen += stripVTControlCharacters(data);
    if (left[0] === undefined || !screen.includes(left[0])) return;
    left.shift();
    terminal.write(CTRL_C);
  });
  await new Promise((resolve) => terminal.onExit(resolve));
  return screen;
}

const LAST_WORDS =
  /Stopping after this page\. What was walked is kept\.[^]*\d+ customers, .* walked;[^]*Stopped\. Each finished step is complete\. Run the command again to go on\./;

it('stops a fill of the D1 at Cloudflare with its last words, though the signal comes twice', async () => {
  const { sqlite } = workplace.cloudflare.createDatabase('portal-link');
  for (const statement of migrations()) sqlite.exec(statement);
  createCustomers(2_000);
  const screen = await npmRun(['fill', '--', '--remote'], [' walked;', 'Stopping']);
  expect(screen).toMatch(LAST_WORDS);
  expect(screen).not.toContain('2,000 customers');
});

it('stops a fill of the local D1 with its last words', async () => {
  await workplace.run(['setup', '--yes'], { STRIPE_SECRET_KEY: workplace.key });
  createCustomers(2_000);
  const screen = await npmRun(['fill'], [' walked;']);
  expect(screen).toMatch(LAST_WORDS);
  expect(screen).not.toContain('2,000 customers');
});
