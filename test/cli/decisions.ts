// Run in a terminal by dialogue.test.ts: setup's first question, and two changes.
import { createDialogue } from '../../src/cli/dialogue.ts';
import { processShell } from '../../src/cli/process-shell.ts';

const dialogue = createDialogue(processShell(), {});
const begins = await dialogue.begin('Is this right?');
const made = begins
  ? [await dialogue.decide('Store the key'), await dialogue.decide('Deactivate a portal', false)]
  : [];
dialogue.say(`made: ${JSON.stringify(made)}`);
