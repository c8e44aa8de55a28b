import type { Frame } from './frame.ts';

/** Tells Turnstile, and us afterwards, which form its widget is in. */
export const CHALLENGE_ACTION = 'mail-link';

/**
 * Turnstile's widget; nothing where it is not configured. It is the only script on our pages.
 * https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/
 */
export function Challenge({ siteKey, frame }: { siteKey: string | undefined; frame: Frame }) {
  if (siteKey === undefined) return null;
  const { nonce, locale } = frame;
  return (
    <>
      <script
        src="https://challenges.cloudflare.com/turnstile/v0/api.js"
        nonce={nonce}
        async
        defer
      ></script>
      <div
        class="cf-turnstile challenge"
        data-sitekey={siteKey}
        data-action={CHALLENGE_ACTION}
        data-theme="auto"
        data-size="flexible"
        data-language={locale.language.tag.toLowerCase()}
      ></div>
      <noscript>
        <p class="alert">{locale.language.emailSignIn.needsScript}</p>
      </noscript>
    </>
  );
}
