import type { BuildOptions, Plugin } from 'rolldown';
import { leaveOut } from '../left-out.ts';

/**
 * The Worker in modules. A new isolate compiles a module when it is first imported: what a redirect
 * needs is one, and pages, webhooks and the cron job are others.
 */
export function workerModules(dir: string): BuildOptions {
  const needed = new Set<string>();
  return {
    input: { index: 'src/index.ts' },
    external: /^(?:node|cloudflare):/,
    platform: 'neutral',
    // As Wrangler resolves packages.
    resolve: {
      conditionNames: ['workerd', 'worker', 'browser', 'import'],
      mainFields: ['browser', 'module', 'main'],
    },
    plugins: [leaveOut(), collectNeeded(needed)],
    // Of a module that it does not find, it would only warn, and visitors would miss it.
    onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
    output: {
      dir,
      cleanDir: true,
      // The upload has modules by their names, and languages next to each other compress best.
      chunkFileNames: ({ facadeModuleId }) =>
        facadeModuleId?.includes('/pages/languages/') ? 'language-[name].js' : '[name].js',
      minify: true,
      sourcemap: true,
      codeSplitting: {
        groups: [{ debugName: 'redirect', name: (id) => (needed.has(id) ? 'redirect' : null) }],
      },
    },
  };
}

/** What is there from the start: no `import()` stands between the entry and it. */
function collectNeeded(needed: Set<string>): Plugin {
  return {
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
}
