import { command, page } from '../commands.ts';
import { OperatorProblem } from './problem.ts';
import type { Target } from './target.ts';

type Code = Pick<Target, 'door' | 'main' | 'configFile'>;

/** What is wrong with a Worker whose code does not have portal-link, and what to do. */
export function absence({ door, main, configFile }: Code): { found: string; next: string } {
  const mounted = `Mount it, as ${page('src/doors/MOUNT.md')} shows.`;
  const otherwise =
    'If it is there all the same, write "portal-link": { "mount": true } into package.json, or false if the Worker is portal-link itself.';
  if (main === undefined && door !== 'unseen') {
    return {
      found: `${configFile} names no module as main: such a Worker has files alone.`,
      next: `Set main to src/index.ts, and run \`${command('init')}\`.`,
    };
  }
  const found =
    door === 'unseen'
      ? `What ${main ?? 'the Worker'} is built of cannot be seen here, and no module that can be seen mounts portal-link.`
      : `Neither ${main} nor what it imports exports or mounts portal-link: the Worker would not have its addresses.`;
  return { found, next: `${mounted} ${otherwise}` };
}

/**
 * Without this, a Worker would be live whose links lead nowhere.
 *
 * @throws OperatorProblem if its code certainly does not have portal-link
 */
export function refuseAbsent(target: Code): void {
  if (target.door !== 'none') return;
  const { found, next } = absence(target);
  throw new OperatorProblem(`${found} ${next} Nothing was changed.`);
}
