import * as clack from '@clack/prompts';
import { printable, printableLines } from './printable.ts';
import { Cancelled } from './problem.ts';

/** One of several answers. */
export type Choice<Value> = { value: Value; label: string; hint?: string };

type Problem = (answer: string) => string | undefined;

// More than these do not fit on a small screen.
const MOST_TO_SHOW = 8;
const SEARCH = 'type to search';

/** @throws Cancelled on Ctrl-C, like the others here */
export async function confirm(message: string, initialValue = true): Promise<boolean> {
  return answered(await clack.confirm({ message: printableLines(message), initialValue }));
}

export async function ask(message: string, problem: Problem, initialValue = ''): Promise<string> {
  return answered(
    await clack.text({
      message: printableLines(message),
      initialValue,
      validate: (answer) => problem(answer ?? ''),
    }),
  );
}

export async function askSecret(message: string, problem: Problem): Promise<string> {
  return answered(
    await clack.password({
      message: printableLines(message),
      validate: (answer) => problem(answer ?? ''),
    }),
  );
}

const toOption = ({ value, label, hint = '' }: Choice<string>) => ({
  value,
  label: printable(label),
  hint: printable(hint),
});

export async function choose<Value extends string>(
  question: string,
  choices: readonly Choice<Value>[],
  initialValue?: Value,
): Promise<Value | undefined> {
  const message = printableLines(question);
  const options = choices.map(toOption);
  const answer = answered(
    choices.length > MOST_TO_SHOW
      ? await clack.autocomplete({
          message,
          options,
          initialValue,
          maxItems: MOST_TO_SHOW,
          placeholder: SEARCH,
        })
      : await clack.select({ message, options, initialValue }),
  );
  return choices.find(({ value }) => value === answer)?.value;
}

/** Clack returns a symbol for Ctrl-C. */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (isAnswer(answer)) return answer;
  throw new Cancelled();
}

function isAnswer<T>(answer: T): answer is Exclude<T, symbol> {
  return !clack.isCancel(answer);
}
