import { Layout, type Frame } from './layout.tsx';

/** The billing page for somebody who is not recognised. */
export function SignedOutPage({
  frame,
  signInUrl,
}: {
  frame: Frame;
  signInUrl: string | undefined;
}) {
  const { language } = frame.locale;
  return (
    <Layout frame={frame} title={language.billing}>
      <section class="card">
        <h1>{language.billing}</h1>
        <p>{language.signInFirst}</p>
        {signInUrl && (
          <p class="actions">
            <a class="button" href={signInUrl}>
              {language.signIn}
            </a>
          </p>
        )}
      </section>
    </Layout>
  );
}
