import { confirm, isCancel, password, spinner, text } from '@clack/prompts';
import { styleText } from 'node:util';
import { Cancelled, OperatorProblem } from './problem.ts';
import type { Shell } from './shell.ts';

/** How setup talks with the operator. */
export type Dialogue = {
  say: (line: string) => void;
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
  working<T>(label: string, work: () => Promise<T>): Promise<T>;
};

type Options = { yes: boolean; dryRun: boolean };

/** @throws OperatorProblem if there is nobody to ask, and no option answers in advance */
export function createDialogue(
  { print, isInteractive }: Shell,
  { yes, dryRun }: Options,
): Dialogue {
  const say = (line: string) => print(`${line}\n`);
  if (dryRun) return silent(say, 'Would', false);
  if (yes) return silent(say, 'Doing', true);
  if (isInteractive) return interactive(say);
  throw new OperatorProblem(
    'Not an interactive terminal. Add --yes to make all changes, or --dry-run to list them.',
  );
}

function silent(say: Dialogue['say'], verb: string, decision: boolean): Dialogue {
  return {
    say,
    agree: async () => true,
    decide: async (change) => {
      say(`${styleText('cyan', `${verb}:`)} ${change}`);
      return decision;
    },
    ask: async () => undefined,
    askSecret: async () => undefined,
    working: async (_label, work) => work(),
  };
}

const interactive = (say: Dialogue['say']): Dialogue => ({
  say,
  agree: async (question) => answered(await confirm({ message: question })),
  decide: async (message, initialValue = true) =>
    answered(await confirm({ message, initialValue })),
  ask: async (message, problem, initialValue = '') =>
    answered(await text({ message, initialValue, validate: (answer) => problem(answer ?? '') })),
  askSecret: async (message, problem) =>
    answered(await password({ message, validate: (answer) => problem(answer ?? '') })),
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
