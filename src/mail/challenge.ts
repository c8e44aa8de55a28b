import * as v from 'valibot';
import { BillingError } from '../errors/billing-error.ts';

// https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
const VERIFY = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
const VERIFY_MILLISECONDS = 4_000;
// https://developers.cloudflare.com/turnstile/: a token has at most 2048 characters.
const RESPONSE_CHARACTERS = 2048;

const Verdict = v.object({ success: v.boolean() });

/**
 * Asks Turnstile whether a person sent the form.
 *
 * @throws BillingError `challenge_unavailable`
 */
export async function isChallengeMet(
  response: string | undefined,
  secretKey: string,
  ip: string | undefined,
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
    return v.parse(Verdict, await answer.json()).success;
  } catch (error) {
    const reason = error instanceof Error ? error.name : typeof error;
    throw new BillingError('challenge_unavailable', `Turnstile gave no verdict: ${reason}.`);
  }
}
