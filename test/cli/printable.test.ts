import { describe, expect, it } from 'vitest';
import { createDialogue } from '../../src/cli/dialogue.ts';
import { describe as described } from '../../src/cli/doctor/report.ts';
import { ok, warning } from '../../src/cli/doctor/finding.ts';
import { reportFailure } from '../../src/cli/failure.ts';
import { OperatorProblem } from '../../src/cli/problem.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

// Writes the clipboard, turns the rest around, and begins a line of its own.
const EVIL = 'Eve\u001B]52;c;AAAA\u0007\u202E\u009B2J\u2066';
const HARMLESS = 'Eve\uFFFD]52;c;AAAA\uFFFD\uFFFD\uFFFD2J\uFFFD';

const RED = '\u001B[31mso\u001B[39m';

/** What the terminal gets. */
function inTerminal(work: (shell: ReturnType<typeof workplace.createShell>['shell']) => unknown) {
  let raw = '';
  const print = (text: string) => void (raw += text);
  work({ ...workplace.createShell().shell, print, printError: print });
  return raw;
}

describe('control characters from outside do nothing in the terminal', () => {
  it('from a customer at Stripe', async () => {
    const { id } = await workplace.api.customers.create({
      name: `${EVIL}\nThe link`,
      metadata: { user_id: EVIL },
    });
    const { output } = await workplace.run(['customer', id]);
    expect(output).toContain(`Stripe    ${HARMLESS}\uFFFDThe link, no e-mail address;`);
    expect(output).toContain(`Stripe says ${HARMLESS}, by the metadata of the customer`);
  });

  it('from a key set or a deployed Worker, in what doctor finds', () => {
    expect(described(ok('identity_keys', `1 in the key set: ${EVIL}.`))).toContain(HARMLESS);
    expect(described(warning('settings', 'x', `Set ${EVIL}.`))).toContain(HARMLESS);
  });

  it('from a provider or a site, in what setup says', () => {
    const raw = inTerminal((shell) => {
      const { say } = createDialogue(shell, { yes: true });
      say(`The provider answers ${EVIL}.\n${RED}`);
    });
    expect(raw).toBe(`The provider answers ${HARMLESS}.\n${RED}\n`);
  });

  it('from a file, in what ends a command', () => {
    const raw = inTerminal((shell) => reportFailure(new OperatorProblem(`a\n${EVIL}`), shell));
    expect(raw).toBe(`✗ a\n${HARMLESS}\n`);
  });
});
