import {
  autocomplete,
  confirm,
  intro,
  isCancel,
  log,
  note,
  password,
  select,
  spinner,
  text,
} from '@clack/prompts';
import { styleText } from 'node:util';
import { Cancelled, OperatorProblem } from './problem.ts';
import type { Shell } from './shell.ts';

/** One of several answers. */
export type Choice<Value> = { value: Value; label: string; hint?: string };

/** How setup talks with the operator. */
export type Dialogue = {
  say: (line: string) => void;
  /** Opens with a title and what is ahead, if there is somebody to read it. */
  open(title: string, plan: readonly string[]): void;
  /** Closes with what to keep in mind. */
  close(title: string, lines: readonly string[]): void;
  /** Asks whether to begin. A dry run and --yes go on. */
  agree(question: string): Promise<boolean>;
  /** Shows a change and asks whether to make it. Enter alone answers `initial`, which is yes. */
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
  ): Promise<Value | undefined>;
  working<T>(label: string, work: () => Promise<T>): Promise<T>;
};

// More than these do not fit on a small screen.
const MOST_TO_SHOW = 8;
const SEARCH = 'type to search';

const toOption = ({ value, label, hint = '' }: Choice<string>) => ({ value, label, hint });

type Options = { yes?: boolean; dryRun?: boolean };

/** @throws OperatorProblem if there is nobody to ask, and no option answers in advance */
export function createDialogue(
  { print, isInteractive }: Shell,
  { yes, dryRun }: Options,
): Dialogue {
  const say = (line: string) => print(`${line}\n`);
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
    decide: async (change) => {
      say(`${styleText('cyan', `${verb}:`)} ${change}`);
      return decision;
    },
    ask: async () => undefined,
    askSecret: async () => undefined,
    choose: async () => undefined,
    working: async (_label, work) => work(),
  };
}

const interactive = (): Dialogue => ({
  say: (line) => log.message(line, { spacing: 0 }),
  open: (title, plan) => {
    intro(styleText('bold', title));
    note(plan.map((step, index) => `${index + 1}. ${step}`).join('\n'), 'What is ahead');
  },
  close: (title, lines) => note(lines.join('\n'), title),
  agree: async (question) => answered(await confirm({ message: question })),
  decide: async (message, initialValue = true) =>
    answered(await confirm({ message, initialValue })),
  ask: async (message, problem, initialValue = '') =>
    answered(await text({ message, initialValue, validate: (answer) => problem(answer ?? '') })),
  askSecret: async (message, problem) =>
    answered(await password({ message, validate: (answer) => problem(answer ?? '') })),
  choose: async (message, choices) => {
    const options = choices.map(toOption);
    const answer = answered(
      choices.length > MOST_TO_SHOW
        ? await autocomplete({ message, options, maxItems: MOST_TO_SHOW, placeholder: SEARCH })
        : await select({ message, options }),
    );
    return choices.find(({ value }) => value === answer)?.value;
  },
  working: async (label, work) => {
    const progress = spinner({ indicator: 'timer' });
    progress.start(label);
    try {
      const result = await work();
      progress.stop(label);
      return result;
    } catch (error) {
      progress.error(label);
      throw error;
    }
  },
});

/** Clack returns a symbol for Ctrl-C. */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (isAnswer(answer)) return answer;
  throw new Cancelled();
}

function isAnswer<T>(answer: T): answer is Exclude<T, symbol> {
  return !isCancel(answer);
}

const hold = () => {};

/** Ignores Ctrl-C while `work` runs: it must not be left half done. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  process.on('SIGINT', hold);
  try {
    return await work();
  } finally {
    process.off('SIGINT', hold);
  }
}
