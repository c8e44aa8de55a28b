import type { Target } from './target.ts';
import type { Wrangler } from './wrangler.ts';

/** Requests the Worker's public address. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** What a command uses of the machine that it runs on. */
export type Shell = {
  /** The folder with the configuration. */
  directory: string;
  environment: NodeJS.ProcessEnv;
  /** Whether there is somebody to ask. */
  isInteractive: boolean;
  /** All bytes of the standard input; none if it is a terminal. */
  readInput: () => Promise<Uint8Array>;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Calls the listener at the first Ctrl-C; the second one ends the process. Returns an undo. */
  onInterrupt: (listener: () => void) => () => void;
  print: (text: string) => void;
  printError: (text: string) => void;
  wrangler: Wrangler;
  /** Runs wrangler in the operator's terminal. Returns the exit status. */
  showWrangler: (args: readonly string[]) => Promise<number>;
  openDatabase: OpenDatabase;
  fetch: Fetch;
  /** Whether DNS has an address for this host. */
  resolves: (host: string) => Promise<boolean>;
};

export type Opened =
  | { kind: 'open'; database: D1Database; close: () => Promise<void> }
  /** Cloudflare has no such database yet. */
  | { kind: 'absent'; name: string };

/**
 * Opens the D1 of this Worker. The local one is created when it is opened.
 *
 * @param folder  where `wrangler dev --persist-to` keeps the local one
 * @throws OperatorProblem if the configuration has none, or Cloudflare cannot be asked
 */
export type OpenDatabase = (
  shell: Pick<Shell, 'environment' | 'wrangler' | 'wait'>,
  target: Target,
  folder?: string,
) => Promise<Opened>;
