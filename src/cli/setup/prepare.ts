import { refuseAbsent } from '../absent.ts';
import { refuseForeignTables } from '../d1/foreign-tables.ts';
import { refuseForeignDatabase } from '../d1/own-migrations.ts';
import type { Dialogue } from '../dialogue.ts';
import { refuseToHideDotEnv } from '../dot-env.ts';
import { readPortalFile } from '../portal/file.ts';
import { refuseUnreadable } from '../portal/written.ts';
import { refuseToSkipProduction } from '../production.ts';
import type { Shell } from '../shell.ts';
import { onlyAddress } from './address.ts';
import { lookAtCloudflare, type CloudflareAccount } from './cloudflare.ts';
import type { Key, StripeContext } from './context.ts';
import type { SetupOptions } from './options.ts';
import { askAgainAtWill } from './interview/again.ts';
import { withAnswers } from './interview/answers.ts';
import { findKey } from './key.ts';
import { learn, type Learnt } from './learn.ts';
import { planFor } from './plan.ts';
import { checkSecrets, givenSecretsOf } from './secrets.ts';
import { plannedTarget } from './target.ts';
import { ownerOf } from './webhook-plan.ts';

/** All that is known before the first change, and what the operator has said. */
export type Prepared = {
  context: StripeContext;
  key: Key;
  answers: Learnt;
  cloudflare: CloudflareAccount | undefined;
};

/**
 * Looks at the files, Cloudflare and Stripe, and asks what no setting says. Changes nothing.
 *
 * @throws OperatorProblem, Cancelled
 */
export async function prepare(
  shell: Shell,
  options: SetupOptions,
  dialogue: Dialogue,
): Promise<Prepared> {
  const target = plannedTarget(shell.directory, shell.environment, options);
  if (target.place === 'remote') {
    refuseToSkipProduction(target);
    refuseAbsent(target);
  }
  onlyAddress(target, options.url);
  refuseUnreadable(target.variables);
  refuseToHideDotEnv(target, shell.environment);
  refuseForeignDatabase(target);
  const portalFile = readPortalFile(shell.directory);
  dialogue.open(`Setting up ${target.workerName}`, planFor(target));
  const cloudflare =
    target.place === 'remote'
      ? await dialogue.working('Looking at Cloudflare', () => lookAtCloudflare(shell, target))
      : undefined;
  if (cloudflare?.hasDatabase) await refuseForeignTables(shell, target);
  const deployed = cloudflare?.deployed;
  const surroundings = { target, shell, dialogue, deployed, portalFile, stored: new Map() };
  const givenSecrets = givenSecretsOf(shell, target);
  checkSecrets(surroundings, givenSecrets);
  const key = await findKey(surroundings, options);
  const answers = await askAgainAtWill(dialogue, async (asking) =>
    learn({ ...surroundings, dialogue: asking }, key, cloudflare, options),
  );
  const context: StripeContext = {
    ...surroundings,
    ...key,
    target: withAnswers(target, answers),
    url: answers.url,
    owner: ownerOf(target, cloudflare?.id),
    givenSecrets,
  };
  return { context, key, answers, cloudflare };
}
