import { S_BAR, S_STEP_ERROR, S_STEP_SUBMIT, unicode } from '@clack/prompts';
import { styleText } from 'node:util';
import { interrupts } from './interrupts.ts';
import { Cancelled } from './problem.ts';
import { whileTyping } from './typing.ts';

const FRAMES = unicode ? ['◒', '◐', '◓', '◑'] : ['-', '\\', '|', '/'];
const FRAME_MILLISECONDS = 100;
const CTRL_C = '\u0003';
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
const CLEAR_LINE = '\r\u001B[2K';
// Behind the label: how long it has taken, at most an hour and a half.
const BESIDE_LABEL = 14;

/**
 * Shows that `work` goes on, and for how long. Clack's own spinner would end the process at Ctrl-C,
 * with the status of success.
 *
 * @throws Cancelled on Ctrl-C
 */
export async function working<T>(label: string, work: () => Promise<T>): Promise<T> {
  const { stdout } = process;
  const began = performance.now();
  const short = label.slice(0, Math.max(1, stdout.columns - BESIDE_LABEL));
  const line = (sign: string) =>
    `${CLEAR_LINE}${sign}  ${short} [${Math.floor((performance.now() - began) / 1000)}s]`;
  let frame = 0;
  const draw = () => {
    stdout.write(line(styleText('magenta', FRAMES[frame % FRAMES.length] ?? '')));
    frame += 1;
  };
  stdout.write(`${HIDE_CURSOR}${styleText('gray', S_BAR)}\n`);
  draw();
  const timer = setInterval(draw, FRAME_MILLISECONDS);
  let end = styleText('red', S_STEP_ERROR);
  try {
    const result = await unlessInterrupted(work);
    end = styleText('green', S_STEP_SUBMIT);
    return result;
  } finally {
    clearInterval(timer);
    stdout.write(`${line(end)}\n${SHOW_CURSOR}`);
  }
}

async function unlessInterrupted<T>(work: () => Promise<T>): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const release = interrupts.hearOnce(() => interrupted.reject(new Cancelled()));
  try {
    return await whileTyping(onTyped, async () => Promise.race([work(), interrupted.promise]));
  } finally {
    release();
  }
}

function onTyped(typed: Buffer): void {
  if (!typed.includes(CTRL_C)) return;
  // As the terminal does otherwise: all processes of the command, wrangler's as well.
  if (process.platform === 'win32') interrupts.press();
  else process.kill(0, 'SIGINT');
}
