import { join } from 'node:path';
import { OperatorProblem } from './problem.ts';
import { configOf, problemsOf } from './settings.ts';
import type { Target } from './target.ts';
import { readVariables, secretsFileOf } from './variables.ts';

type SigningSettings = { secrets: string[]; origin: string; allowedOrigins: string[] };

const NAMES = new Set(['LINK_SECRET', 'PUBLIC_ORIGIN', 'ALLOWED_ORIGINS']);
const isOurs = (name: string) => NAMES.has(name);

/**
 * What signing needs, by the rules of the Worker that will check the link. Without a LINK_SECRET,
 * the list of secrets is empty.
 *
 * @throws OperatorProblem that names the invalid setting
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
    throw new OperatorProblem('The Worker’s address is unknown. Add --origin https://example.com');
  }
  const { linkSecrets: secrets, publicOrigin: origin, allowedOrigins } = config;
  return { secrets, origin, allowedOrigins };
}

/** `wrangler dev` ignores a secret that the configuration does not list; signing does not. */
function linkSecretOf({ place, directory, variables }: Target): string {
  const unlisted = place === 'local' ? readVariables(join(directory, '.dev.vars')) : {};
  return variables['LINK_SECRET'] ?? unlisted['LINK_SECRET'] ?? '';
}

/** Says where the secret is read from. */
export function missingSecret(target: Target): string {
  const same = target.place === 'remote' ? ', with the value that is stored at Cloudflare' : '';
  return `LINK_SECRET is missing. Set it in the environment or in ${secretsFileOf(target)}${same}.`;
}
