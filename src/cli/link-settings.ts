import { join } from 'node:path';
import { configOf, problemsOf } from './doctor/subject.ts';
import { OperatorProblem } from './problem.ts';
import { readVariables, type Target } from './target.ts';

type SigningSettings = { secrets: string[]; origin: string; allowedOrigins: string[] };

const NAMES = new Set(['LINK_SECRET', 'PUBLIC_ORIGIN', 'ALLOWED_ORIGINS']);
const isOurs = (name: string) => NAMES.has(name);

/**
 * What signing takes, by the rules of the Worker whose link it is. Without a LINK_SECRET there
 * are no secrets.
 *
 * @throws OperatorProblem that names the setting that cannot be used
 */
export function signingSettings(target: Target, givenOrigin: string | undefined): SigningSettings {
  const given = {
    LINK_SECRET: linkSecretOf(target),
    PUBLIC_ORIGIN: givenOrigin ?? target.variables['PUBLIC_ORIGIN'] ?? '',
  };
  const subject = {
    target: { ...target, variables: { ...target.variables, ...given } },
    stored: new Set<string>(),
  };
  const [problem] = problemsOf(subject, isOurs);
  if (problem) {
    const isGiven = problem.key === 'PUBLIC_ORIGIN' && givenOrigin !== undefined;
    throw new OperatorProblem(`${isGiven ? '--origin' : problem.key}: ${problem.remedy}`);
  }
  const config = configOf(subject, isOurs);
  if (config?.publicOrigin === undefined) {
    throw new OperatorProblem('Say where the Worker answers: --origin https://example.com');
  }
  const { linkSecrets: secrets, publicOrigin: origin, allowedOrigins } = config;
  return { secrets, origin, allowedOrigins };
}

/** `wrangler dev` ignores what wrangler.toml does not list; a link may be for a Worker elsewhere. */
function linkSecretOf({ place, directory, variables }: Target): string {
  const unlisted = place === 'local' ? readVariables(join(directory, '.dev.vars')) : {};
  return variables['LINK_SECRET'] ?? unlisted['LINK_SECRET'] ?? '';
}

/** Where the secret would have been found. */
export function missingSecret({ place, environment }: Target): string {
  const file = environment === undefined ? '.dev.vars' : `.dev.vars.${environment}`;
  const same =
    place === 'remote' ? ': the one that is stored at Cloudflare, which shows it to nobody' : '';
  return `LINK_SECRET is missing. Give it in the environment or in ${file}${same}.`;
}
