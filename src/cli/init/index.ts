import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { command, page } from '../../commands.ts';
import { isBuilt } from '../app/door.ts';
import { createDialogue } from '../dialogue.ts';
import { printableLines } from '../printable.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { TOML_FILE } from '../config-file/find.ts';
import { formatOf } from '../config-file/formats.ts';
import { newFile, readIfThere, refuseOutside, shown, type Change } from './change.ts';
import { planEntry, type Entry } from './entry.ts';
import { install, managerOf, refusePlugAndPlay } from './installer.ts';
import { planManifest } from './manifest.ts';
import { isInstalled, settleMigrations } from './migrations.ts';
import { readTemplate } from './template.ts';
import { refuseUnwritable, write } from './write.ts';
import { planWorkerSettings, readMain, type WorkerSettings } from './worker-settings.ts';

export type InitOptions = { yes?: boolean; dryRun?: boolean };

const IGNORED = ['node_modules/', '.wrangler/', '.dev.vars', '.dev.vars.*', '!.dev.vars.example'];

/**
 * Writes the files of a Worker that is portal-link, or adds what the folder's Worker lacks.
 *
 * @param folder  where to, from the shell's folder
 * @throws OperatorProblem before anything is written, if something stands in the way
 */
export async function runInit(
  shell: Shell,
  folder: string | undefined,
  { yes = false, dryRun = false }: InitOptions,
  installer = install,
): Promise<void> {
  const directory = resolve(shell.directory, folder ?? '.');
  refuseUnwritable(directory);
  const planned = plan(directory);
  const { configFile, settings, changes } = planned;
  for (const change of changes) shell.print(`${printableLines(shown(change))}\n`);
  for (const line of settings.byHand) shell.print(`! ${configFile}: ${line}\n`);
  const manager = managerOf(directory, shell.environment['npm_config_user_agent']);
  if (!dryRun && (changes.length > 0 || !isInstalled(directory))) {
    const dialogue = createDialogue(shell, { yes, dryRun });
    const question =
      changes.length > 0
        ? `Write this in ${directory}, and run \`${manager} install\`?`
        : `Run \`${manager} install\` in ${directory}?`;
    if (!(await dialogue.agree(question))) {
      shell.print('Nothing was written.\n');
      return;
    }
    write(directory, changes);
    if ((await installer(directory, manager)) !== 0) {
      throw new OperatorProblem(
        `The files are written, but \`${manager} install\` failed, see above. Then run \`${command('init', folder === undefined ? '' : shellWord(folder))}\` again.`,
      );
    }
    refusePlugAndPlay(directory);
  }
  if (!dryRun) settleMigrations(directory);
  shell.print(dryRun ? 'A dry run: nothing was written.\n' : next(folder, planned));
}

type Plan = { configFile: string; settings: WorkerSettings; entry: Entry; changes: Change[] };

function plan(directory: string): Plan {
  const { configFile, main } = readMain(directory);
  if (main.endsWith('.py')) {
    throw new OperatorProblem(
      `${main} is a Worker in Python. portal-link needs one in JavaScript or TypeScript: run this in a folder of its own, such as \`${command('init', 'billing')}\`. Nothing was written.`,
    );
  }
  const entry = planEntry(directory, main, configFile);
  if (entry.kind === 'foreign' && !existsSync(join(directory, configFile))) {
    throw new OperatorProblem(
      `${main} is there, and is something else. Run this in a folder of its own, such as \`${command('init', 'billing')}\`. Nothing was written.`,
    );
  }
  const isMount = entry.kind === 'foreign';
  const settings = planWorkerSettings(directory, configFile, readTemplate(TOML_FILE), isMount);
  const changes = [
    ...settings.changes,
    ...newFile(directory, 'portal.toml', readTemplate('portal.toml')),
    ...(entry.kind === 'ours' ? entry.changes : []),
    ...planManifest(directory),
    ...planIgnored(directory),
    ...newFile(directory, '.dev.vars.example', readTemplate('dev.vars.example')),
  ];
  refuseOutside(directory, changes);
  return { configFile, settings, entry, changes };
}

const plain = (line: string) => line.trim().replace(/\/$/, '');

/** Secrets must not get into git. */
function planIgnored(directory: string): Change[] {
  const before = readIfThere(directory, '.gitignore');
  const there = new Set((before ?? '').split('\n').map(plain));
  const missing = IGNORED.filter((line) => !there.has(plain(line)));
  if (missing.length === 0) return [];
  const kept = before === undefined || before === '' ? [] : [before.trimEnd()];
  return [{ file: '.gitignore', before, after: `${[...kept, ...missing].join('\n')}\n` }];
}

/** As a shell reads one word. */
const shellWord = (text: string) =>
  /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A framework writes over what it makes, with the next build. */
const whereToMount = (main: string) =>
  isBuilt(main)
    ? `${main} is made by your framework: mount portal-link in your own code, or in a module around it. ${page('src/doors/MOUNT.md#other-frameworks')}`
    : `${main} is a Worker of your own: mount portal-link in it. ${page('src/doors/MOUNT.md')}`;

function next(folder: string | undefined, { configFile, settings, entry }: Plan): string {
  const { main, byHand, namesVars } = settings;
  const vars = `${formatOf(configFile).tableName('vars')} of ${configFile}`;
  const steps = [
    ...(byHand.length > 0 ? [`In ${configFile}, go through the lines marked with ! above.`] : []),
    ...(entry.kind === 'foreign'
      ? [
          whereToMount(main),
          ...(namesVars
            ? []
            : [`In ${vars}, set PUBLIC_ORIGIN and SIGN_IN_URL: ${page('src/config/README.md')}`]),
        ]
      : [`In ${vars}, say who signs people in: ${page('src/identity/README.md')}`]),
    `${folder === undefined ? '' : `cd ${shellWord(folder)} && `}${command('setup')}`,
  ];
  return `Next:\n${steps.map((step, index) => `${index + 1}. ${step}\n`).join('')}`;
}
