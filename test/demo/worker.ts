import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const START_MILLISECONDS = 60_000;

type Running = {
  /** Resolves when the Worker says that it is healthy. */
  ready: Promise<void>;
  stop: () => Promise<void>;
};

type Start = {
  configPath: string;
  /** The folder of the local D1. */
  state: string;
  port: number;
  variables: Record<string, string>;
  secretsFile: string | undefined;
};

/** Runs `wrangler dev` with these variables, and with the secrets of a file if there is one. */
export function startWorker({ configPath, state, port, variables, secretsFile }: Start): Running {
  const variableOptions = Object.entries(variables).map(([name, value]) => `${name}:${value}`);
  const options = ['--config', configPath, '--port', String(port)];
  options.push('--persist-to', state, '--log-level', 'error');
  if (secretsFile !== undefined) options.push('--env-file', secretsFile);
  options.push('--show-interactive-dev-session', 'false', '--var', ...variableOptions);
  // A group of its own: Ctrl-C reaches us alone, and we stop the child in order.
  const child = spawn('wrangler', ['dev', ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, 'SIGTERM');
    await once(child, 'exit');
  };
  return { ready: untilHealthy(child, `http://localhost:${port}/healthz`), stop };
}

async function untilHealthy(child: ChildProcess, address: string): Promise<void> {
  const deadline = Date.now() + START_MILLISECONDS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error('`wrangler dev` has stopped; see above.');
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok) return;
    last = (await response?.text()) ?? last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The Worker is not healthy: ${last}`);
}
