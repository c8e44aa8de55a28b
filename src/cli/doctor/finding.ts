import type { Check } from './checks.ts';

/** `skipped`: could not be looked at, because of what another finding names. */
export type Outcome = 'ok' | 'warning' | 'failure' | 'skipped';

export type Finding = {
  check: Check;
  outcome: Outcome;
  /** Never holds a secret, a token or an e-mail address. */
  found: string;
  /** The exact next step, wherever there is one to take. */
  next?: string;
};

export const ok = (check: Check, found: string): Finding => ({ check, outcome: 'ok', found });

export const skipped = (check: Check, found: string): Finding => ({
  check,
  outcome: 'skipped',
  found,
});

export const warning = (check: Check, found: string, next: string): Finding => ({
  check,
  outcome: 'warning',
  found,
  next,
});

export const failure = (check: Check, found: string, next: string): Finding => ({
  check,
  outcome: 'failure',
  found,
  next,
});
