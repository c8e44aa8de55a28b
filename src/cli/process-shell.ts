import { lookup } from 'node:dns/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { interrupts } from './interrupts.ts';
import type { Shell } from './shell.ts';
import { createWrangler, showWrangler } from './wrangler.ts';

/** The shell of this process, in its working directory. */
export function processShell(): Shell {
  // As in `npm run doctor | head`: nobody reads on.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  const directory = process.cwd();
  const environment = process.env;
  return {
    directory,
    environment,
    isInteractive: process.stdin.isTTY && process.stdout.isTTY,
    readInput: async () => (process.stdin.isTTY ? new Uint8Array() : buffer(process.stdin)),
    wait: async (milliseconds, signal) => {
      try {
        await setTimeout(milliseconds, undefined, { signal });
      } catch (error) {
        if (!signal?.aborted) throw error;
      }
    },
    onInterrupt: interrupts.hearOnce,
    print: (text) => void process.stdout.write(text),
    printError: (text) => void process.stderr.write(text),
    wrangler: createWrangler(directory, environment),
    showWrangler: async (args) => showWrangler(directory, environment, args),
    openDatabase: async (...given) => {
      const { openDatabase } = await import('./d1/open.ts');
      return openDatabase(...given);
    },
    fetch,
    resolves: async (host) =>
      lookup(host).then(
        () => true,
        () => false,
      ),
  };
}
