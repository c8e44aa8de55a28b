// Run in a terminal by dialogue.test.ts: stores a secret that Ctrl-C must not lose.
import { uninterrupted } from '../../src/cli/dialogue.ts';
import { interrupts } from '../../src/cli/interrupts.ts';
import { processShell } from '../../src/cli/process-shell.ts';

process.on('SIGINT', interrupts.press);
const { wrangler, print } = processShell();
const storing = uninterrupted(async () => wrangler(['secret', 'put', 'LINK_SECRET'], 'a secret'));
print('Storing\n');
print(`stored: ${(await storing).status === 0}\n`);
