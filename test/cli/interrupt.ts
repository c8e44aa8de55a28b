import type { Shell } from '../../src/cli/shell.ts';

/** Presses Ctrl-C as soon as the command prints this. */
export function interruptAt(said: string, shell: Shell): void {
  let interrupt = () => {};
  const { print } = shell;
  shell.onInterrupt = (listener) => {
    interrupt = listener;
    return () => {};
  };
  shell.print = (text) => {
    print(text);
    if (text.includes(said)) interrupt();
  };
}
