import type { Dialogue } from '../../src/cli/dialogue.ts';
import { Cancelled } from '../../src/cli/problem.ts';

export const CTRL_C = '\u0003';

/** Answers to questions that match. A list is used up one by one. */
export type Script = [question: RegExp, answer: string | boolean | string[]][];

/**
 * An operator who answers as the script says, yes to each change, and what is proposed to the rest.
 * An answer that a question refuses at once ends the run, unless the script has another one.
 */
export function scripted(script: Script) {
  const left = script.map(([question, answer]) => ({
    question,
    answers: Array.isArray(answer) ? [...answer] : undefined,
    answer,
  }));
  const asked: string[] = [];
  const said: string[] = [];
  const answerTo = (question: string) => {
    asked.push(question);
    const found = left.find((each) => each.question.test(question));
    const answer = found?.answers ? found.answers.shift() : (found?.answer as string | boolean);
    if (answer === CTRL_C) throw new Cancelled();
    return answer;
  };
  const ask = async (
    question: string,
    problem: (answer: string) => string | undefined,
    initial = '',
  ): Promise<string> => {
    const answer = answerTo(question) ?? initial;
    const refusal = problem(String(answer));
    if (refusal === undefined) return String(answer);
    said.push(refusal);
    if (left.some((each) => each.question.test(question) && each.answers?.length)) {
      return ask(question, problem, initial);
    }
    throw new Error(`${question}: ${String(answer)} was refused: ${refusal}`);
  };
  const dialogue: Dialogue = {
    say: (line) => void said.push(line),
    open: (title, plan) => void said.push(title, ...plan),
    close: (title, lines) => void said.push(title, ...lines),
    agree: async (question) => answerTo(question) !== false,
    begin: async (question) => answerTo(question) !== false,
    decide: async (change, initial = true) => (answerTo(change) as boolean | undefined) ?? initial,
    ask,
    askSecret: async (question, problem) => ask(question, problem),
    choose: async (question, choices, initial) => {
      const wanted = answerTo(question) ?? initial ?? choices[0]?.value;
      const chosen = choices.find(({ value }) => value === wanted);
      if (!chosen) throw new Error(`${question}: ${String(wanted)} is not offered`);
      said.push(...choices.map(({ label, hint }) => `${label} (${hint})`));
      return chosen.value;
    },
    working: async (_label, work) => work(),
  };
  return { dialogue, asked, said };
}
