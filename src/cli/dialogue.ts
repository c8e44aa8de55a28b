import { intro, log, note } from '@clack/prompts';
import { styleText } from 'node:util';
import { interrupts } from './interrupts.ts';
import { printable, printableLines } from './printable.ts';
import { OperatorProblem } from './problem.ts';
import { ask, askSecret, choose, confirm, type Choice } from './prompts.ts';
import type { Shell } from './shell.ts';
import { whileTyping } from './typing.ts';
import { working } from './working.ts';

/** How setup talks with the operator. */
export type Dialogue = {
  say: (line: string) => void;
  /** Opens with a title and what is ahead, if there is somebody to read it. */
  open(title: string, plan: readonly string[]): void;
  /** Closes with what to keep in mind. */
  close(title: string, lines: readonly string[]): void;
  /** Asks whether to go on. A dry run and --yes do. */
  agree(question: string): Promise<boolean>;
  /** Like `agree`. One of the answers agrees to all changes that come. */
  begin(question: string): Promise<boolean>;
  /**
   * Shows a change and asks whether to make it. Enter alone answers `initial`, which is yes. Where
   * it is no, somebody who has agreed to all is asked, too.
   */
  decide(change: string, initial?: boolean): Promise<boolean>;
  /** Asks until `problem` accepts the answer. Undefined if there is nobody to ask. */
  ask(
    question: string,
    problem: (answer: string) => string | undefined,
    initial?: string,
  ): Promise<string | undefined>;
  /** Like `ask`, for an answer that the screen must not show. */
  askSecret(
    question: string,
    problem: (answer: string) => string | undefined,
  ): Promise<string | undefined>;
  /** Asks for one of these. Many of them can be searched by typing. Undefined like `ask`. */
  choose<Value extends string>(
    question: string,
    choices: readonly Choice<Value>[],
    initial?: Value,
  ): Promise<Value | undefined>;
  working<T>(label: string, work: () => Promise<T>): Promise<T>;
};

const BEGIN: Choice<'each' | 'all' | 'no'>[] = [
  { value: 'each', label: 'Yes, and ask me before each change' },
  { value: 'all', label: 'Yes, make all changes that are needed' },
  { value: 'no', label: 'No, leave everything as it is' },
];

type Options = { yes?: boolean; dryRun?: boolean };

/** @throws OperatorProblem if there is nobody to ask, and no option answers in advance */
export function createDialogue(
  { print, isInteractive }: Shell,
  { yes, dryRun }: Options,
): Dialogue {
  const say = (line: string) => print(`${printableLines(line)}\n`);
  if (dryRun) return silent(say, 'Would', false);
  if (yes) return silent(say, 'Doing', true);
  if (isInteractive) return interactive();
  throw new OperatorProblem(
    'Not an interactive terminal. Add --yes to make all changes, or --dry-run to list them.',
  );
}

function silent(say: Dialogue['say'], verb: string, decision: boolean): Dialogue {
  return {
    say,
    open: () => {},
    close: (title, lines) => {
      say(styleText('bold', title));
      for (const line of lines) say(line === '' ? '' : `  ${line}`);
    },
    agree: async () => true,
    begin: async () => true,
    decide: async (change) => {
      say(headed(verb, change));
      return decision;
    },
    ask: async () => undefined,
    askSecret: async () => undefined,
    choose: async () => undefined,
    working: async (_label, work) => work(),
  };
}

const headed = (verb: string, change: string) => `${styleText('cyan', `${verb}:`)} ${change}`;

const sayInTerminal = (line: string) => log.message(printableLines(line), { spacing: 0 });

function interactive(): Dialogue {
  let hasAgreedToAll = false;
  return {
    say: sayInTerminal,
    open: (title, plan) => {
      intro(styleText('bold', printable(title)));
      const steps = plan.map((step, index) => `${index + 1}. ${step}`);
      note(printableLines(steps.join('\n')), 'What is ahead');
    },
    close: (title, lines) => note(printableLines(lines.join('\n')), printable(title)),
    agree: confirm,
    begin: async (question) => {
      const answer = await choose(question, BEGIN);
      hasAgreedToAll = answer === 'all';
      return answer !== 'no';
    },
    decide: async (change, initial = true) => {
      if (!hasAgreedToAll || !initial) return confirm(change, initial);
      sayInTerminal(headed('Doing', change));
      return true;
    },
    ask,
    askSecret,
    choose,
    working,
  };
}

/**
 * Ignores Ctrl-C while `work` runs: it must not be left half done. Wrangler must not hear it
 * either: it ends then, and with the status of success.
 */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  const release = interrupts.hear(() => {});
  try {
    return await whileTyping(() => {}, work);
  } finally {
    release();
  }
}
