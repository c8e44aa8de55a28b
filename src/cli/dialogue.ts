import { confirm, isCancel, password, spinner, text } from '@clack/prompts';
import { styleText } from 'node:util';
import { Cancelled, OperatorProblem } from './problem.ts';

/** How setup speaks with the operator, and hears whether it may. */
export type Dialogue = {
  say: (line: string) => void;
  /** Shows a change and hears whether to make it. */
  decide(change: string): Promise<boolean>;
  /** An answer that `problem` finds nothing wrong with; undefined where nobody can be asked. */
  ask(
    question: string,
    problem: (answer: string) => string | undefined,
  ): Promise<string | undefined>;
  /** The same for what the screen must not show. */
  askSecret(
    question: string,
    problem: (answer: string) => string | undefined,
  ): Promise<string | undefined>;
  working<T>(label: string, work: () => Promise<T>): Promise<T>;
};

type Options = { yes: boolean; dryRun: boolean };

/** @throws OperatorProblem when there is nobody to ask, and nothing was said in advance */
export function createDialogue({ yes, dryRun }: Options): Dialogue {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  if (dryRun) return silent('Would', false);
  if (yes) return silent('Doing', true);
  if (terminal) return interactive;
  throw new OperatorProblem(
    'This is no terminal, so nobody can be asked. Add --yes to make all changes, or --dry-run to see them.',
  );
}

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

function silent(verb: string, decision: boolean): Dialogue {
  return {
    say,
    decide: async (change) => {
      say(`${styleText('cyan', `${verb}:`)} ${change}`);
      return decision;
    },
    ask: async () => undefined,
    askSecret: async () => undefined,
    working: async (_label, work) => work(),
  };
}

const interactive: Dialogue = {
  say,
  decide: async (change) => answered(await confirm({ message: change })),
  ask: async (message, problem) =>
    answered(await text({ message, validate: (answer) => problem(answer ?? '') })),
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
};

/** Clack answers Ctrl-C with a symbol. */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (isAnswer(answer)) return answer;
  throw new Cancelled();
}

function isAnswer<T>(answer: T): answer is Exclude<T, symbol> {
  return !isCancel(answer);
}

const hold = () => {};

/** Lets Ctrl-C wait for the end of what must not be left half done. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  process.on('SIGINT', hold);
  try {
    return await work();
  } finally {
    process.off('SIGINT', hold);
  }
}
