import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperatorProblem } from '../problem.ts';
import { isInstalled } from './migrations.ts';

export type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCKFILES: [string, Manager][] = [
  ['package-lock.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/**
 * What the folder's packages are installed with: what wrote the lockfile here or above, else what
 * runs this command.
 *
 * @param userAgent  npm_config_user_agent, which each of them sets: `pnpm/10.1.0 npm/? node/…`
 */
export function managerOf(folder: string, userAgent = ''): Manager {
  const own = LOCKFILES.find(([file]) => existsSync(join(folder, file)));
  if (own) return own[1];
  if (dirname(folder) !== folder && !existsSync(join(folder, '.git'))) {
    const above = managerOf(dirname(folder), '-');
    if (above !== 'npm') return above;
  }
  const name = userAgent.split('/')[0];
  return name === 'pnpm' || name === 'yarn' || name === 'bun' ? name : 'npm';
}

/** Installs what package.json names, in the operator's terminal. Returns the exit status. */
export async function install(folder: string, manager: Manager): Promise<number> {
  // On Windows, package managers are scripts, which only a shell runs.
  const isScript = process.platform === 'win32';
  const child = spawn(manager, ['install'], { cwd: folder, stdio: 'inherit', shell: isScript });
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (status) => resolve(status ?? 1));
  });
}

/**
 * Yarn's default keeps packages in archives, where neither Wrangler finds portal-link's migrations
 * nor npx its command. https://yarnpkg.com/features/pnp
 *
 * @throws OperatorProblem if this folder's packages are kept so
 */
export function refusePlugAndPlay(folder: string): void {
  if (isInstalled(folder) || !isThereOrAbove(folder, '.pnp.cjs')) return;
  throw new OperatorProblem(
    'The files are written, but Yarn has installed portal-link without node_modules, which Wrangler needs. Put `nodeLinker: node-modules` into .yarnrc.yml, run `yarn install`, and run this again.',
  );
}

const isThereOrAbove = (folder: string, file: string): boolean =>
  existsSync(join(folder, file)) ||
  (dirname(folder) !== folder && isThereOrAbove(dirname(folder), file));
