/** Tells Turnstile, and us afterwards, which form its widget is in. */
export const CHALLENGE_ACTION = 'mail-link';

/**
 * Turnstile's widget; nothing where it is not configured. It is the only script on our pages.
 * https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/
 */
export function Challenge({
  siteKey,
  nonce,
}: {
  siteKey: string | undefined;
  nonce: string | undefined;
}) {
  if (siteKey === undefined) return null;
  return (
    <>
      <script
        src="https://challenges.cloudflare.com/turnstile/v0/api.js"
        nonce={nonce}
        async
        defer
      ></script>
      <div
        class="cf-turnstile"
        data-sitekey={siteKey}
        data-action={CHALLENGE_ACTION}
        data-theme="auto"
        data-size="flexible"
      ></div>
    </>
  );
}
