import * as v from 'valibot';
import { isLoopback } from '../config/secure-url.ts';
import { BillingError } from '../errors/billing-error.ts';

// https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
const VERIFY = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
const VERIFY_MILLISECONDS = 4_000;
// https://developers.cloudflare.com/turnstile/: a token has at most 2048 characters.
const RESPONSE_CHARACTERS = 2048;

const Verdict = v.object({
  success: v.boolean(),
  hostname: v.optional(v.string()),
  action: v.optional(v.string()),
});

/** The page that a challenge was met on: a site's key can serve several hosts and forms. */
export type ChallengedPage = { hostname: string; action: string };

/**
 * Asks Turnstile whether a person sent the form, and on this very page. Test keys, which are for
 * loopback hosts, know no page.
 *
 * @throws BillingError `challenge_unavailable`
 */
export async function isChallengeMet(
  response: string | undefined,
  secretKey: string,
  ip: string | undefined,
  page: ChallengedPage,
): Promise<boolean> {
  if (!response || response.length > RESPONSE_CHARACTERS) return false;
  const form = { secret: secretKey, response, ...(ip !== undefined && { remoteip: ip }) };
  try {
    const answer = await fetch(VERIFY, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
      signal: AbortSignal.timeout(VERIFY_MILLISECONDS),
    });
    const { success, hostname, action } = v.parse(Verdict, await answer.json());
    const isHere = hostname === page.hostname && action === page.action;
    return success && (isHere || isLoopback(page.hostname));
  } catch (error) {
    const reason = error instanceof Error ? error.name : typeof error;
    throw new BillingError('challenge_unavailable', `Turnstile gave no verdict: ${reason}.`);
  }
}
