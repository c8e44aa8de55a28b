import { DEV } from '../../commands.ts';
import { shownCommand } from '../target.ts';
import type { StripeContext } from './context.ts';

/** Says what there is now, what remains to be done, and how to check it. */
export function showClosing(
  { dialogue, target, url }: StripeContext,
  isChanged: boolean,
  open: readonly string[],
): void {
  const isLocal = target.place === 'local';
  const origin = url?.origin ?? (isLocal ? 'http://localhost:8787' : undefined);
  const at = isLocal || origin === undefined ? [] : ['--url', origin];
  const remaining =
    isLocal || !isChanged ? open : [...open, `Commit ${target.configFile} and portal.toml.`];
  dialogue.close(isChanged ? 'Done. Your billing link:' : 'Your billing link:', [
    origin === undefined
      ? 'its address is not known yet: add --url https://…'
      : `${origin}/billing/manage`,
    '',
    ...(remaining.length > 0 ? ['Still to do:', ...remaining.map((each) => `- ${each}`), ''] : []),
    ...(isLocal ? [`Start it with \`${DEV}\`.`] : []),
    `Check it with ${shownCommand('doctor', target, ...at)}.`,
  ]);
}
