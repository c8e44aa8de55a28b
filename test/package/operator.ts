import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, start, succeed } from './run.ts';

/**
 * An operator's folder, outside the repository.
 *
 * @param original  what is in it from the beginning
 */
export function openFolder(original?: string) {
  const directory = mkdtempSync(join(tmpdir(), 'operator-'));
  if (original !== undefined) {
    cpSync(original, directory, { recursive: true, verbatimSymlinks: true });
  }
  const path = (name: string) => join(directory, name);
  const read = (name: string) => readFileSync(path(name), 'utf8');
  const write = (name: string, text: string) => writeFileSync(path(name), text);
  return {
    directory,
    path,
    read,
    write,
    /** Fills in settings in `vars` of wrangler.toml, or of wrangler.jsonc. */
    configure(settings: Record<string, string>) {
      const file = existsSync(path('wrangler.jsonc')) ? 'wrangler.jsonc' : 'wrangler.toml';
      let text = read(file);
      for (const [name, value] of Object.entries(settings)) {
        text = text.replace(
          new RegExp(`^(\\s*"?${name}"?(?: =|:) ).*?(,?)$`, 'm'),
          (_, before: string, comma: string) => `${before}${JSON.stringify(value)}${comma}`,
        );
      }
      write(file, text);
    },
    run: async (command: string, given?: Record<string, string>) => {
      const [program = '', ...args] = command.split(' ');
      return run(directory, program, args, given);
    },
    succeed: async (command: string, given?: Record<string, string>) => {
      const [program = '', ...args] = command.split(' ');
      return succeed(directory, program, args, given);
    },
    close: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export type Folder = ReturnType<typeof openFolder>;

/** Runs `npx wrangler dev` until the Worker is healthy. Returns its address and what stops it. */
export async function startDev({ directory }: Folder, options: readonly string[] = []) {
  const port = await freePort();
  const child = start(directory, 'npx', [
    'wrangler',
    'dev',
    `--port=${port}`,
    '--inspector-port=0',
    ...options,
  ]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const origin = `http://localhost:${port}`;
  const stop = async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    process.kill(-child.pid, 'SIGTERM');
    await once(child, 'exit');
  };
  for (let tries = 0; tries < 600; tries += 1) {
    const response = await fetch(`${origin}/healthz`).catch(() => undefined);
    if (response?.ok) return { origin, stop };
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`The Worker is not healthy:\n${output}`);
}

export type Dev = Awaited<ReturnType<typeof startDev>>;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
