// `npm run build:package`: the package, in dist/. `npm pack` runs it. See CONTRIBUTING.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { leaveOut } from '../left-out.ts';
import { importAtOnce } from './import-at-once.ts';
import { licences } from './licences.ts';
import { writeTemplates } from './templates.ts';

// What src/commands.ts looks for.
const transform = { define: { PACKAGED: 'true' } };
const manifest: { dependencies: object; peerDependencies: object } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);
const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
// With parts left out, the first two cannot be the operator's copies. Node takes the third's module
// for CommonJS.
const BUILT_IN = new Set(['stripe', 'drizzle-orm', 'punycode.js']);

/** Whether a module is of one of these packages, or of the runtime. */
const isOf = (packages: readonly string[]) => (id: string) =>
  /^(?:node|cloudflare):/.test(id) ||
  packages.some((name) => id === name || id.startsWith(`${name}/`));

rmSync('dist', { recursive: true, force: true });
await Promise.all([buildWorker(), buildCommands(), buildTypes()]);
writeTemplates();

async function buildWorker(): Promise<void> {
  await build({
    input: { index: 'src/doors/package.ts', node: 'src/doors/node.ts' },
    external: isOf(installed.filter((name) => !BUILT_IN.has(name))),
    platform: 'neutral',
    // As Wrangler resolves packages.
    resolve: {
      conditionNames: ['workerd', 'worker', 'browser', 'import'],
      mainFields: ['browser', 'module', 'main'],
    },
    transform,
    plugins: [leaveOut(), importAtOnce(), licences()],
    output: { dir: 'dist/worker', chunkFileNames: '[name].js' },
  });
}

/** What only the commands need is built in: it has no part in an operator's repository. */
async function buildCommands(): Promise<void> {
  await build({
    input: { bin: 'src/cli/bin.ts' },
    external: isOf(installed.filter((name) => name !== 'punycode.js')),
    platform: 'node',
    transform: { ...transform, target: 'node22.12' },
    plugins: [licences()],
    output: { dir: 'dist/commands' },
  });
  chmodSync('dist/commands/bin.js', 0o755);
}

/** The compiler writes a file for each module, of which the package gets one. */
async function buildTypes(): Promise<void> {
  const folder = 'dist/types';
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
  const project = ['--project', '.ci/package/tsconfig.json', '--outDir', folder];
  execFileSync('tsc', [...options, ...project], { stdio: 'inherit' });
  await build({
    input: { index: `${folder}/doors/package.d.ts` },
    external: isOf(installed),
    plugins: dts({ dtsInput: true, tsconfig: false }),
    output: { dir: 'dist/worker' },
  });
  rmSync(folder, { recursive: true });
}
