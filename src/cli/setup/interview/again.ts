import type { Dialogue } from '../../dialogue.ts';
import { Cancelled } from '../../problem.ts';

/**
 * Asks. At Ctrl-C it offers to ask again from the start, with the answers filled in. They are kept
 * in memory alone, and secrets nowhere.
 *
 * @throws Cancelled if the operator leaves
 */
export async function askAgainAtWill<T>(
  dialogue: Dialogue,
  ask: (dialogue: Dialogue) => Promise<T>,
): Promise<T> {
  const answers = new Map<string, string>();
  for (;;) {
    try {
      return await ask(proposing(answers, dialogue));
    } catch (error) {
      if (!(error instanceof Cancelled) || answers.size === 0) throw error;
      const next = await dialogue.choose('Nothing is written yet. How do you want to go on?', [
        {
          value: 'again',
          label: 'Ask me again',
          hint: 'with my answers filled in, but no secrets',
        },
        { value: 'leave', label: 'Leave', hint: 'no answer is kept' },
      ]);
      if (next !== 'again') throw error;
    }
  }
}

/** Proposes the answers of the round before, and notes those of this one. */
function proposing(answers: Map<string, string>, dialogue: Dialogue): Dialogue {
  const before = new Map(answers);
  /** An answer is proposed once. If it does not work, the question knows a better one. */
  const take = (question: string) => {
    const answer = before.get(question);
    before.delete(question);
    return answer;
  };
  return {
    ...dialogue,
    ask: async (question, problem, initial) => {
      const answer = await dialogue.ask(question, problem, take(question) ?? initial);
      if (answer !== undefined) answers.set(question, answer);
      return answer;
    },
    choose: async (question, choices) => {
      const taken = take(question);
      const initial = choices.find(({ value }) => value === taken)?.value;
      const answer = await dialogue.choose(question, choices, initial);
      if (answer !== undefined) answers.set(question, answer);
      return answer;
    },
  };
}
