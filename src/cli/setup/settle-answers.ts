import { page } from '../../commands.ts';
import { uninterrupted } from '../dialogue.ts';
import { setLocalVariable } from '../dev-vars.ts';
import { setRoutes } from '../routes.ts';
import { shownCommand, type Target } from '../target.ts';
import { secretsFileOf } from '../variables.ts';
import { secretsPlace, setSetting, settingsPlace, storeSecret, type Context } from './context.ts';
import type { Answers } from './interview/answers.ts';

/**
 * Writes all answers, or none: a secret without its setting would leave a Worker that the next run
 * takes for another kind. Settings come last, since they are what the next run goes by.
 */
export async function settleAnswers(
  context: Context,
  answers: Answers,
): Promise<'nothing' | 'written' | 'declined'> {
  const { dialogue, target } = context;
  const lines = linesOf(answers);
  if (lines.length === 0) return 'nothing';
  for (const line of lines) dialogue.say(`  ${line}`);
  if (!(await dialogue.decide(`Write this to ${placesOf(target, answers)}`))) return 'declined';
  const { settings, secrets, routes } = answers;
  await uninterrupted(async () => {
    for (const [name, value] of Object.entries(secrets)) {
      await storeSecret(context, name, value);
      if (name === 'LINK_SECRET' && target.place === 'remote') keepForLinks(target, value);
    }
    if (routes.length > 0) setRoutes(target.directory, target.environment, routes);
    for (const [name, value] of Object.entries(settings)) setSetting(target, name, value);
  });
  return 'written';
}

/** Nobody should have to answer twice because a later step was refused. */
export function keepInView(
  { dialogue, target }: Pick<Context, 'dialogue' | 'target'>,
  answers: Answers,
): void {
  const lines = linesOf(answers);
  if (lines.length === 0) return;
  dialogue.say(`Your answers are not written. They belong in ${settingsPlace(target)}:`);
  for (const line of lines) dialogue.say(`  ${line}`);
}

/** The answers, to read before they are written, or to paste after a run that has ended. */
const linesOf = ({ settings, secrets, routes }: Answers): string[] => [
  ...Object.entries(settings).map(([name, value]) => `${name} = "${value}"`),
  ...routes.map(({ pattern }) => `route: ${pattern}`),
  ...Object.keys(secrets).map((name) => `${name}, a secret`),
];

function placesOf(target: Target, { settings, secrets, routes }: Answers): string {
  const places = [
    ...(Object.keys(settings).length > 0 ? [settingsPlace(target)] : []),
    ...(routes.length > 0 ? [`the routes in ${target.configFile}`] : []),
    ...(Object.keys(secrets).length > 0 ? [secretsPlace(target)] : []),
  ];
  return [...new Set(places)].join(', and to ');
}

/** Cloudflare never shows it again, and what signs links needs it. */
function keepForLinks(target: Target, secret: string): void {
  setLocalVariable(target.directory, 'LINK_SECRET', secret, secretsFileOf(target));
}

/** What a site without accounts does next. */
export const linksAdvice = (target: Target) =>
  `Sign links in your back end with LINK_SECRET, which is in ${secretsFileOf(target)} now: ${page('src/links/README.md')}. Try one: ${shownCommand('link', target, '--customer cus_…')}.`;
