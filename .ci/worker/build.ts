// `npm run build`: the Worker, in .wrangler/worker. `wrangler deploy` and `wrangler dev` run it.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { build, type Plugin } from 'rolldown';
import { leaveOut } from '../left-out.ts';

const FOLDER = '.wrangler/worker';

// What is there from the start: no `import()` stands between the entry and it.
const needed = new Set<string>();

const collectNeeded: Plugin = {
  name: 'collect-needed',
  buildEnd() {
    const collect = (id: string) => {
      if (needed.has(id)) return;
      needed.add(id);
      this.getModuleInfo(id)?.importedIds.forEach(collect);
    };
    [...this.getModuleIds()].filter((id) => this.getModuleInfo(id)?.isEntry).forEach(collect);
  },
};

// A new isolate compiles a module when it is first imported. A redirect imports one.
const { output } = await build({
  input: { index: 'src/index.ts' },
  external: /^(?:node|cloudflare):/,
  platform: 'neutral',
  // As Wrangler resolves packages.
  resolve: {
    conditionNames: ['workerd', 'worker', 'browser', 'import'],
    mainFields: ['browser', 'module', 'main'],
  },
  plugins: [leaveOut(), collectNeeded],
  // Of a module that it does not find, it would only warn, and visitors would miss it.
  onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
  write: false,
  output: {
    dir: FOLDER,
    chunkFileNames: '[name].js',
    minify: true,
    sourcemap: true,
    codeSplitting: {
      groups: [{ debugName: 'redirect', name: (id) => (needed.has(id) ? 'redirect' : null) }],
    },
  },
});
writeFiles(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]));

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
  const former = readdirSync(FOLDER).filter(
    (name) => /\.(?:js|map)$/.test(name) && !names.has(name),
  );
  for (const name of former) rmSync(`${FOLDER}/${name}`, { force: true });
}
