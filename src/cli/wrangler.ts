import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import * as v from 'valibot';
import { OperatorProblem } from './problem.ts';

export type WranglerResult = { status: number; stdout: string; stderr: string };

/** Runs a command of wrangler with `input` and without a terminal, so that it asks nothing. */
export type Wrangler = (args: readonly string[], input?: string) => Promise<WranglerResult>;

/** @throws OperatorProblem if it is not installed */
function findWrangler(): string {
  try {
    return fileURLToPath(new URL('../bin/wrangler.js', import.meta.resolve('wrangler')).href);
  } catch {
    throw new OperatorProblem('Wrangler is not installed here: `npm install --save-dev wrangler`.');
  }
}

/** Wrangler in this folder, signed in to Cloudflare as this machine is. */
export function createWrangler(directory: string, environment: NodeJS.ProcessEnv): Wrangler {
  return async (args, input = '') => {
    const child = spawn(process.execPath, [findWrangler(), ...args], {
      cwd: directory,
      env: {
        ...environment,
        CI: 'true',
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        // A quieter level would leave out the answers themselves.
        WRANGLER_LOG: 'log',
        WRANGLER_SEND_METRICS: 'false',
      },
      stdio: 'pipe',
    });
    child.stdin.end(input);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve({ status: status ?? 1, stdout, stderr }));
    });
  };
}

/** Runs a command of wrangler in this terminal, where it may ask. Returns the exit status. */
export async function showWrangler(
  directory: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<number> {
  const child = spawn(process.execPath, [findWrangler(), ...args], {
    cwd: directory,
    env: { ...environment, WRANGLER_SEND_METRICS: 'false' },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}

/** What a command printed as JSON; undefined if it failed or printed something else. */
export function jsonIn<Output>(
  { status, stdout }: WranglerResult,
  schema: v.GenericSchema<unknown, Output>,
): Output | undefined {
  if (status !== 0) return undefined;
  // Notices may stand before it.
  const text = stdout.slice(Math.max(stdout.search(/[[{]/), 0));
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return result.success ? result.output : undefined;
}

const jsonError = v.object({
  error: v.object({
    text: v.string(),
    notes: v.optional(v.array(v.object({ text: v.string() })), []),
  }),
});

/** Why wrangler failed, in one line and without its decoration. */
export function reasonOf({ stdout, stderr }: WranglerResult): string {
  const json = v.safeParse(v.pipe(v.string(), v.parseJson(), jsonError), stdout);
  if (json.success) {
    const { text, notes } = json.output.error;
    return notes.length > 0 ? notes.map((note) => note.text).join(' ') : text;
  }
  const lines = stripVTControlCharacters(`${stderr}\n${stdout}`)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const at = lines.findIndex((line) => line.includes('[ERROR]'));
  const [error = 'no reason given', detail = ''] = lines.slice(Math.max(at, 0));
  // For a failed request to the API, the reason is in the line below.
  return (error.includes('A request to the Cloudflare API') ? detail : error).replace(
    /^.*?\[ERROR\]\s*/,
    '',
  );
}

/** @throws OperatorProblem with wrangler's reason if the command has failed */
export function succeeded(result: WranglerResult, otherwise: string): WranglerResult {
  if (result.status === 0) return result;
  throw new OperatorProblem(`${otherwise}: ${reasonOf(result)}`);
}
