import { breakable } from './breakable.tsx';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';

/** The billing page for a visitor who is not recognised. */
export function SignedOutPage({
  frame,
  signInUrl,
  emailSignInUrl,
}: {
  frame: Frame;
  signInUrl: string | undefined;
  emailSignInUrl: string | undefined;
}) {
  const { language } = frame.locale;
  return (
    <Layout frame={frame} title={language.billing}>
      <section class="card">
        <p>{language.signInFirst}</p>
        {(signInUrl ?? emailSignInUrl) && (
          <p class="actions">
            {signInUrl && (
              <a class="button" href={signInUrl} rel="noreferrer">
                {language.signIn}
              </a>
            )}
            {emailSignInUrl && (
              <a
                class={signInUrl ? 'button plain' : 'button'}
                href={emailSignInUrl}
                rel="noreferrer"
              >
                {breakable(language.emailSignIn.title)}
              </a>
            )}
          </p>
        )}
      </section>
    </Layout>
  );
}
