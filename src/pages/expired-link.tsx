import { Challenge } from './challenge.tsx';
import { isolate } from './isolate.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { maskEmail } from './mask.ts';

/** A link that has expired. A new one can be mailed to its address. */
export function ExpiredLinkPage({
  frame,
  email,
  token,
  siteKey,
  signInUrl,
}: {
  frame: Frame;
  email: string;
  token: string;
  siteKey: string | undefined;
  signInUrl: string | undefined;
}) {
  const { language } = frame.locale;
  return (
    <Layout frame={frame} title={language.faults.linkExpired.title}>
      <section class="card">
        <p>{language.emailSignIn.canSendNew(isolate(maskEmail(email)))}</p>
        <form method="post" action="/billing/sign-in" class="actions">
          <input type="hidden" name="token" value={token} />
          <Challenge siteKey={siteKey} frame={frame} />
          <button class="button" type="submit">
            {language.emailSignIn.sendNew}
          </button>
          {signInUrl && (
            <a class="button plain" href={signInUrl} rel="noreferrer">
              {language.signIn}
            </a>
          )}
        </form>
      </section>
    </Layout>
  );
}
