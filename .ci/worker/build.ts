// `npm run build`: the Worker, in .wrangler/worker. `wrangler deploy` and `wrangler dev` run it.
import { build, type Plugin } from 'rolldown';
import { leaveOut } from '../left-out.ts';

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
await build({
  input: { index: 'src/index.ts' },
  external: /^(?:node|cloudflare):/,
  platform: 'neutral',
  // As Wrangler resolves packages.
  resolve: {
    conditionNames: ['workerd', 'worker', 'browser', 'import'],
    mainFields: ['browser', 'module', 'main'],
  },
  plugins: [leaveOut(), collectNeeded],
  output: {
    dir: '.wrangler/worker',
    cleanDir: true,
    chunkFileNames: '[name].js',
    minify: true,
    sourcemap: true,
    codeSplitting: {
      groups: [{ debugName: 'redirect', name: (id) => (needed.has(id) ? 'redirect' : null) }],
    },
  },
});
