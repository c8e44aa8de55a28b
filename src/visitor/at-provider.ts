import type { Context } from 'hono';
import { destinationOf, originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import type { Prompt } from '../identity/oidc.ts';
import type { SignInAtProvider } from '../identity/sign-in.ts';
import { measure } from '../telemetry/trace.ts';
import { keepAttempt } from './attempts.ts';

/** Where the provider sends people back to. It is registered there, for signing out, too. */
export const callbackOf = (c: Context<AppEnv>) => `${originOf(c)}/billing/callback`;

// A whole intent fits. Three attempts must fit into a request's headers.
const LONGEST_DESTINATION = 1_000;

/** A return address can be of any length, and is the least that is lost. */
function shortened(destination: string): string {
  if (destination.length <= LONGEST_DESTINATION) return destination;
  const [path = '', query] = destination.split('?');
  const parameters = new URLSearchParams(query);
  parameters.delete('return_to');
  const rest = `${path}?${parameters.toString()}`;
  return rest.length <= LONGEST_DESTINATION ? rest : path;
}

/**
 * Leads to the provider, and later back to `returnTo`, an address of ours.
 *
 * @throws BillingError `identity_provider_unavailable`
 */
export async function beginAtProvider(
  c: Context<AppEnv>,
  { oidc }: SignInAtProvider,
  returnTo: string,
  prompt?: Prompt,
): Promise<Response> {
  const now = new Date();
  const { url, attempt } = await measure('identity', async () =>
    (await oidc()).begin(prompt, callbackOf(c), now),
  );
  await keepAttempt(c, { ...attempt, to: shortened(destinationOf(c, returnTo)) }, now);
  c.get('trace').outcome = 'sign_in';
  return c.redirect(url.href, 303);
}
