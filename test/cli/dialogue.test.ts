import { expect, it } from 'vitest';
import { ENTER, inTerminal, pick } from './in-terminal.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplace(fillIn);

const BEGIN = 'Is this right?';
const KEY = 'Store the key';
const PORTAL = 'Deactivate a portal';

// Enter answers yes to KEY, and no to PORTAL.
it.each<[string, number, string[], string]>([
  ['each change', 0, [BEGIN, KEY, PORTAL], '[true,false]'],
  ['only what Enter would refuse, after “all”', 1, [BEGIN, PORTAL], '[true,false]'],
  ['nothing more, after “no”', 2, [BEGIN], '[]'],
])('setup asks for %s', async (_what, answer, asked, made) => {
  const type = (question: string) => (question === BEGIN ? pick(answer) : ENTER);
  const run = await inTerminal(workplace, [], type, {}, {}, 'decisions.ts');
  expect(run.questions).toEqual(asked);
  expect(run.screen).toContain(`made: ${made}`);
  if (answer === 1) expect(run.screen).toContain(`Doing: ${KEY}`);
  expect(run.status).toBe(0);
});

it('does not let Ctrl-C come between a change and what belongs to it', async () => {
  const run = await inTerminal(workplace, [], () => '', {}, {}, 'uninterrupted.ts', 'Storing');
  expect(run.screen).toContain('stored: true');
  const { secrets } = workplace.cloudflare.scripts.get('portal-link')!;
  expect([...secrets.keys()]).toEqual(['LINK_SECRET']);
});
