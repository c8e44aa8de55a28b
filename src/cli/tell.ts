import { CommanderError } from 'commander';
import { BillingError } from '../errors/billing-error.ts';
import { Cancelled, OperatorProblem } from './problem.ts';

// As shells say of a program that Ctrl-C has ended.
const CANCELLED_STATUS = 130;

/** Ends a command with one clear message; the stack is for whoever asks for it. */
export function tell(error: unknown): number {
  if (error instanceof Cancelled) {
    process.stderr.write('Stopped. What was done is complete; run it again to go on.\n');
    return CANCELLED_STATUS;
  }
  // Commander has said what is wrong with the arguments, or shown its help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`✗ ${messageOf(error)}\n`);
  if (process.env['DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  return 2;
}

/** What the operator reads of a fault. Only messages that were written for them are shown. */
export function messageOf(error: unknown): string {
  if (error instanceof OperatorProblem) return error.message;
  if (error instanceof BillingError) {
    return `${error.entry.title} (${error.code}). ${error.remedy ?? error.entry.detail}`;
  }
  return 'Something went wrong that nobody foresaw. Run it again with DEBUG=1 and report what it shows.';
}
