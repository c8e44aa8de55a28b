import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { VERSION } from '../../src/version.ts';

const MINIFY = `
# Less to upload, to compile and to run: names of functions and classes go, which nothing relies on.
minify = true
keep_names = false
`;

const REPOSITORY = 'https://github.com/portal-link/portal-link';

/**
 * Writes what `portal-link init` gives to an operator, from this repository's own files, and the
 * release notes that `portal-link deploy` reads.
 *
 * @throws Error if one of the files no longer has what is to be replaced
 */
export function writeTemplates(): void {
  const folder = 'dist/templates';
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/wrangler.toml`, workerSettings(readFileSync('wrangler.toml', 'utf8')));
  writeFileSync(`${folder}/portal.toml`, withCommands(readFileSync('portal.toml', 'utf8')));
  const variables = readFileSync('.dev.vars.example', 'utf8');
  writeFileSync(
    `${folder}/dev.vars.example`,
    withCommands(
      replaced(variables, '`npm start` and `npm run dev` read it', '`npx wrangler dev` reads it'),
    ),
  );
  const notes = readFileSync('.github/RELEASES.md', 'utf8');
  writeFileSync('dist/RELEASES.md', notes.replaceAll('](../', `](${REPOSITORY}/blob/v${VERSION}/`));
}

/** Operators bundle one module with Wrangler, which has nothing to build and nothing to find. */
export function workerSettings(text: string): string {
  const changes: [from: string | RegExp, to: string][] = [
    [/\n# The Worker, as \.ci[^]*?\nrules = .*\n+/, '\nmain = "src/index.ts"\n\n'],
    [/(?: {2}# .*\n)+ {2}"new_module_registry",\n/, ''],
    ['\nupload_source_maps = true\n', `$&${MINIFY}`],
    [/\n\[build\]\n[^[]*/, ''],
    ['migrations_dir = "migrations"', 'migrations_dir = "node_modules/portal-link/migrations"'],
  ];
  return withCommands(changes.reduce((before, [from, to]) => replaced(before, from, to), text));
}

const withCommands = (text: string) =>
  replaced(text, /npm run (\w+)(?: --(?= ))?/g, 'npx portal-link $1');

function replaced(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, to);
  if (result === text) throw new Error(`Nothing to replace: ${String(from)}`);
  return result;
}
