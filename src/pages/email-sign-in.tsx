import { Challenge } from './challenge.tsx';
import { Layout, type Frame } from './layout.tsx';

/** Asks for the address to mail a link to. */
export function EmailSignInPage({
  frame,
  siteKey,
  isRefused,
}: {
  frame: Frame;
  siteKey: string | undefined;
  /** True if the text that was sent is not an address. */
  isRefused: boolean;
}) {
  const { emailSignIn } = frame.locale.language;
  return (
    <Layout frame={frame} title={emailSignIn.title}>
      <section class="card">
        <h1>{emailSignIn.title}</h1>
        <p>{emailSignIn.lead}</p>
        <form method="post" action={`/billing/sign-in?locale=${frame.locale.tag}`} class="fields">
          <label for="address">{emailSignIn.address}</label>
          <input
            id="address"
            name="address"
            type="email"
            autocomplete="email"
            required
            maxlength={254}
            aria-invalid={isRefused ? 'true' : undefined}
            aria-describedby={isRefused ? 'refused' : undefined}
          />
          {isRefused && (
            <p id="refused" class="alert">
              {emailSignIn.notAnAddress}
            </p>
          )}
          <Challenge siteKey={siteKey} nonce={frame.nonce} />
          <button class="button" type="submit">
            {emailSignIn.send}
          </button>
        </form>
      </section>
    </Layout>
  );
}

/** The same page for every address: it must not reveal which ones are known. */
export function MailedPage({ frame }: { frame: Frame }) {
  const { emailSignIn } = frame.locale.language;
  return (
    <Layout frame={frame} title={emailSignIn.sentTitle}>
      <section class="card">
        <h1>{emailSignIn.sentTitle}</h1>
        <p>{emailSignIn.sent}</p>
        <p class="quiet">{emailSignIn.notThere}</p>
        <p class="actions">
          <a class="button plain" href={`/billing/sign-in?locale=${frame.locale.tag}`}>
            {emailSignIn.another}
          </a>
        </p>
      </section>
    </Layout>
  );
}
