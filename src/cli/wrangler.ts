import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import * as v from 'valibot';

export type WranglerResult = { status: number; stdout: string; stderr: string };

/**
 * Runs a command of wrangler and waits for its end. It is never asked anything: it gets `input`
 * and no terminal.
 */
export type Wrangler = (args: readonly string[], input?: string) => Promise<WranglerResult>;

const WRANGLER = fileURLToPath(new URL('../bin/wrangler.js', import.meta.resolve('wrangler')).href);

/** Wrangler in this folder, as this machine is signed in to Cloudflare. */
export function createWrangler(directory: string): Wrangler {
  return async (args, input = '') => {
    const child = spawn(process.execPath, [WRANGLER, ...args], {
      cwd: directory,
      env: {
        ...process.env,
        CI: 'true',
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        // A quieter one, set for other reasons, would leave out the answers themselves.
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

/** Runs a command of wrangler in sight of the operator, who may be asked. */
export async function showWrangler(directory: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: directory,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}

/** The list that a command printed as JSON; undefined when it printed something else. */
export function listIn<Item>(
  { stdout }: WranglerResult,
  item: v.GenericSchema<unknown, Item>,
): Item[] | undefined {
  const text = stdout.slice(Math.max(stdout.indexOf('['), 0));
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(item)), text);
  return result.success ? result.output : undefined;
}

const jsonComplaint = v.object({
  error: v.object({
    text: v.string(),
    notes: v.optional(v.array(v.object({ text: v.string() })), []),
  }),
});

/** What wrangler complained of, in one line and without its decoration. */
export function complaint({ stdout, stderr }: WranglerResult): string {
  const json = v.safeParse(v.pipe(v.string(), v.parseJson(), jsonComplaint), stdout);
  if (json.success) {
    const { text, notes } = json.output.error;
    return notes.length > 0 ? notes.map((note) => note.text).join(' ') : text;
  }
  const lines = stripVTControlCharacters(`${stderr}\n${stdout}`)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const at = lines.findIndex((line) => line.includes('ERROR'));
  const [error = 'no reason given', detail = ''] = lines.slice(Math.max(at, 0));
  // Of a failed request to the API, the reason stands below.
  return (error.includes('A request to the Cloudflare API') ? detail : error).replace(
    /^.*ERROR\W*/,
    '',
  );
}
