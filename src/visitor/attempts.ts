import type { Context } from 'hono';
import * as v from 'valibot';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { deleteOwnCookie, ownCookie, ownCookiesBeginning, setOwnCookie } from '../http/cookies.ts';

// A cookie `__Host-sign-in-…` for each attempt, so that tabs do not disturb each other. Its name
// is the beginning of the state.
const PREFIX = 'sign-in-';
const NAME_LENGTH = 12;
const TEN_MINUTES = 600;
const MOST_ATTEMPTS = 3;

const AttemptClaims = v.object({
  state: v.string(),
  nonce: v.string(),
  verifier: v.string(),
  isSilent: v.boolean(),
  /** Path and query: the whole intent, with the visitor's language. */
  to: v.string(),
});

export type KeptAttempt = v.InferOutput<typeof AttemptClaims>;

const nameOf = (state: string) => `${PREFIX}${state.slice(0, NAME_LENGTH)}`;

/** Keeps an attempt in a cookie of its own. Of three others, the oldest goes. */
export async function keepAttempt(
  c: Context<AppEnv>,
  attempt: KeptAttempt,
  now: Date,
): Promise<void> {
  const seal = c.get('services').signIn?.attempts;
  if (!seal) return;
  const value = await seal.close({ ...attempt }, originOf(c), now, TEN_MINUTES);
  const others = ownCookiesBeginning(c, PREFIX);
  for (const name of others.slice(0, Math.max(0, others.length - MOST_ATTEMPTS + 1))) {
    deleteOwnCookie(c, name);
  }
  setOwnCookie(c, nameOf(attempt.state), value, TEN_MINUTES);
}

/** The attempt with this state, which cannot be taken again; undefined if there is none. */
export async function takeAttempt(
  c: Context<AppEnv>,
  state: string | null,
  now: Date,
): Promise<KeptAttempt | undefined> {
  const seal = c.get('services').signIn?.attempts;
  if (!seal || state === null || !/^[\w-]+$/.test(state)) return undefined;
  const value = ownCookie(c, nameOf(state));
  if (value === undefined) return undefined;
  deleteOwnCookie(c, nameOf(state));
  const opened = await seal.open(value, originOf(c), now);
  const attempt = opened.kind === 'valid' ? v.safeParse(AttemptClaims, opened.claims) : undefined;
  // The provider's answer is compared with the whole state later on (oidc-exchange.ts).
  return attempt?.success ? attempt.output : undefined;
}
