import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export type Run = { status: number; output: string };

/** This process's environment without what `npm run` and vitest put there. */
function environment(given: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|vitest|VITEST|NODE_ENV|NODE_OPTIONS|INIT_CWD)/.test(name),
  );
  const { PATH = '' } = process.env;
  // Node as it runs this; nothing else of the repository's own packages.
  const path = [
    dirname(process.execPath),
    ...PATH.split(':').filter((folder) => !folder.includes('node_modules')),
  ];
  return {
    ...Object.fromEntries(own),
    PATH: path.join(':'),
    CI: 'true',
    NO_COLOR: '1',
    WRANGLER_SEND_METRICS: 'false',
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    ...given,
  };
}

/** Runs a program in a folder, without a terminal. */
export async function run(
  folder: string,
  program: string,
  args: readonly string[],
  given: Record<string, string> = {},
): Promise<Run> {
  const child = start(folder, program, args, given);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) =>
      resolve({ status: status ?? 1, output: stripVTControlCharacters(output) }),
    );
  });
}

/** As `run`, for a program that must not fail. Returns what it prints. */
export async function succeed(...given: Parameters<typeof run>): Promise<string> {
  const { status, output } = await run(...given);
  if (status !== 0) throw new Error(`${given[1]} ${given[2].join(' ')}: ${status}\n${output}`);
  return output;
}

/** Starts a program in a process group of its own. */
export function start(
  folder: string,
  program: string,
  args: readonly string[],
  given: Record<string, string> = {},
) {
  const child = spawn(program, args, {
    cwd: folder,
    env: environment(given),
    stdio: 'pipe',
    detached: true,
  });
  child.stdin.end();
  return child;
}
