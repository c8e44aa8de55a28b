import { parseConfig } from '../../../config/config.ts';
import type { CloudflareAccount } from '../cloudflare.ts';
import type { Dialogue } from '../../dialogue.ts';
import type { Route } from '../../routes.ts';
import type { Shell } from '../../shell.ts';
import type { Target } from '../../target.ts';

/** Settings or secrets, by name. */
export type Values = Record<string, string>;

/** What the operator has said. Nothing of it is written yet. */
export type Answers = {
  settings: Values;
  secrets: Values;
  /** For the configuration. */
  routes: Route[];
  /** What remains to be done by hand. */
  open: string[];
};

/** What the questions need to know. */
export type Asking = {
  dialogue: Dialogue;
  target: Target;
  shell: Shell;
  cloudflare: CloudflareAccount | undefined;
};

/** The same Worker with the settings and secrets of the answers. */
export function withAnswers(target: Target, { settings, secrets }: Answers): Target {
  return { ...target, variables: { ...target.variables, ...settings, ...secrets } };
}

/** Stands for the secrets that settings need to be read. */
export const UNSEEN: Values = {
  STRIPE_SECRET_KEY: 'sk_test_unseen0000',
  STRIPE_WEBHOOK_SECRET: 'whsec_unseen',
  LINK_SECRET: 'unseen'.repeat(8),
};

/**
 * What the Worker itself would say is wrong with a setting.
 *
 * @param others  settings that it depends on
 */
export function problemWith(name: string, given: string, others: Values = {}): string | undefined {
  if (given === '') return 'An answer is needed.';
  const parsed = parseConfig({ ...others, [name]: given });
  if (parsed.kind === 'valid') return undefined;
  return parsed.problems.find(({ key }) => key === name)?.remedy;
}
