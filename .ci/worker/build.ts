// `npm run build`: the Worker, in .wrangler/worker. `wrangler deploy` and `wrangler dev` run it.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'rolldown';
import { workerModules } from './modules.ts';

const FOLDER = '.wrangler/worker';

try {
  const { output } = await build({ ...workerModules(FOLDER), write: false });
  writeFiles(
    output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]),
  );
} catch (error) {
  // All that Node adds to it is about Rolldown.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Another deploy, `wrangler dev` or a test may read the folder meanwhile, or write the same into it. */
function writeFiles(files: [name: string, content: string | Uint8Array][]): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, content] of files) {
    const draft = `${FOLDER}/${name}.${process.pid}`;
    writeFileSync(draft, content);
    renameSync(draft, `${FOLDER}/${name}`);
  }
  // Wrangler would upload modules of a former build, too.
  const names = new Set(files.map(([name]) => name));
  const former = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(?:js|map)$/.test(name) && !names.has(name),
  );
  for (const name of former) rmSync(`${FOLDER}/${name}`, { force: true });
}
