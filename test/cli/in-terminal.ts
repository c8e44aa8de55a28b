import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { expect } from 'vitest';
import { pickSecrets, readVariables } from '../../src/cli/variables.ts';
import { NO_WEBHOOK } from '../../src/config/config.ts';
import type { Workplace } from './workplace.ts';

export const ENTER = '\r';
export const CTRL_C = '\u0003';
const DOWN = '\u001B[B';
/** The answer that stands so many lines below the first. */
export const pick = (index: number) => DOWN.repeat(index) + ENTER;

/**
 * Runs a command as a process in a real terminal, and answers its questions.
 *
 * @param hosts  hosts of the internet, each with the origin on this machine that answers for it
 * @param given  variables of the command itself
 * @param script  what runs in place of our commands
 * @param interruptAt  what the screen shows when Ctrl-C is pressed
 */
export async function inTerminal(
  workplace: Workplace,
  args: string[],
  answer: (question: string) => string,
  hosts: Record<string, string> = {},
  given: Record<string, string> = {},
  script = '../../src/cli/index.ts',
  interruptAt?: string,
) {
  const index = new URL(script, import.meta.url).pathname;
  const internet = new URL('internet.ts', import.meta.url).pathname;
  const terminal = spawn(process.execPath, ['--import', internet, index, ...args], {
    cwd: workplace.directory,
    cols: 160,
    rows: 50,
    env: {
      ...process.env,
      ...workplace.environment,
      ...given,
      HOSTS_OF_TEST: JSON.stringify(hosts),
      NO_COLOR: '1',
    },
  });
  const questions: string[] = [];
  const secrets = new Set(Object.values(pickSecrets(given)));
  let screen = '';
  let seen = 0;
  let isInterrupted = false;
  terminal.onData((data) => {
    screen += stripVTControlCharacters(data);
    if (interruptAt !== undefined && !isInterrupted && screen.includes(interruptAt)) {
      isInterrupted = true;
      terminal.write(CTRL_C);
    }
    // Clack draws ◆ before the question that waits for an answer.
    const asked = [...screen.slice(seen).matchAll(/◆ +(\S[^\n\r]*)[\s\S]*?└/g)].at(-1);
    const question = asked?.[1]?.trim();
    if (question === undefined) return;
    // It is drawn again for each key. Only after ◇, its answer, it is asked once more.
    const isAnswered = /◇ +\S/.test(screen.slice(seen, seen + (asked?.index ?? 0)));
    if (question === questions.at(-1) && !isAnswered) return;
    questions.push(question);
    seen = screen.length;
    const typed = answer(question);
    if (ASKS_FOR_SECRET.test(question)) secrets.add(typed.trim());
    terminal.write(typed);
  });
  const status = await new Promise<number>((resolve) =>
    terminal.onExit(({ exitCode }) => resolve(exitCode)),
  );
  for (const secret of [...secrets, ...secretsOf(workplace)]) {
    if (secret !== '') expect(screen).not.toContain(secret);
  }
  return { status, questions, screen };
}

// Words that such a question has.
const ASKS_FOR_SECRET = /not shown/;

/** All secrets that there are now: here, at Cloudflare and at Stripe. */
function secretsOf({ key, webhookSecrets, cloudflare, directory }: Workplace): string[] {
  const stored = [...cloudflare.scripts.values()].flatMap((each) => [...each.secrets.values()]);
  const local = Object.values(pickSecrets(readVariables(join(directory, '.dev.vars'))));
  return [key, ...webhookSecrets(), ...stored, ...local].filter((each) => each !== NO_WEBHOOK);
}
