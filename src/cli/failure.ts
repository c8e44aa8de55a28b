import { CommanderError } from 'commander';
import { BillingError } from '../errors/billing-error.ts';
import { adviceOf, entryOf } from '../errors/meaning.ts';
import { printableLines } from './printable.ts';
import { Cancelled, OperatorProblem } from './problem.ts';
import type { Shell } from './shell.ts';
import { systemProblem } from './system-fault.ts';

const FAILED = 2;
/** What shells report for a program that Ctrl-C has ended. */
export const CANCELLED = 130;
export const STOPPED = 'Stopped. Each finished step is complete. Run the command again to go on.';

/** Shows why a command has failed, as one message. Returns the exit status. */
export function reportFailure(error: unknown, { environment, printError }: Shell): number {
  if (error instanceof Cancelled) {
    printError(`${error.message || STOPPED}\n`);
    return CANCELLED;
  }
  // Commander has already printed its help, or what is wrong with the arguments.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAILED;
  printError(`✗ ${printableLines(failureMessage(error))}\n`);
  if (environment['DEBUG'])
    printError(`${printableLines((error instanceof Error && error.stack) || '')}\n`);
  return FAILED;
}

/** The message of an error, if it was written for the operator. Others may hold secrets. */
export function failureMessage(error: unknown): string {
  if (error instanceof OperatorProblem) return error.message;
  if (error instanceof BillingError) {
    return `${entryOf(error).title} (${error.code}). ${adviceOf(error)}`;
  }
  const system = systemProblem(error);
  if (system) return system.message;
  return 'An unexpected error occurred. Run the command again with DEBUG=1 and report the output.';
}
