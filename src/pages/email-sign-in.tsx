import { Challenge } from './challenge.tsx';
import { isolate } from './isolate.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';

/** Asks for the address to mail a link to. */
export function EmailSignInPage({
  frame,
  siteKey,
  address,
  to,
  isRefused,
}: {
  frame: Frame;
  siteKey: string | undefined;
  /** What the field contains already. */
  address: string;
  /** The address of what the visitor came to do; undefined for nothing special. */
  to: string | undefined;
  /** True if that was sent and is not an address. */
  isRefused: boolean;
}) {
  const { emailSignIn, error } = frame.locale.language;
  const { title } = emailSignIn;
  return (
    <Layout frame={frame} title={title} tab={isRefused ? error(title) : title}>
      <section class="card">
        <p>{emailSignIn.lead}</p>
        <form method="post" action="/billing/sign-in" class="fields">
          <label for="address">{emailSignIn.address}</label>
          {isRefused && (
            <p id="refused" class="alert">
              {emailSignIn.notAnAddress}
            </p>
          )}
          <input
            id="address"
            name="address"
            type="email"
            value={address}
            autocomplete="email"
            required
            maxlength={254}
            autofocus={isRefused}
            aria-invalid={isRefused ? 'true' : undefined}
            aria-describedby={isRefused ? 'refused' : undefined}
          />
          {to && <input type="hidden" name="to" value={to} />}
          <Challenge siteKey={siteKey} frame={frame} />
          <button class="button" type="submit">
            {emailSignIn.send}
          </button>
        </form>
      </section>
    </Layout>
  );
}

/** The same page for every address: it must not reveal which ones are known. */
export function MailedPage({
  frame,
  address,
  changeUrl,
}: {
  frame: Frame;
  /** The masked address; undefined if the page's own address has none. */
  address: string | undefined;
  changeUrl: string;
}) {
  const { emailSignIn } = frame.locale.language;
  return (
    <Layout frame={frame} title={emailSignIn.sentTitle}>
      <section class="card">
        <p>{emailSignIn.sent(isolate(address ?? emailSignIn.thisAddress))}</p>
        <p class="quiet">{emailSignIn.notThere}</p>
        <p class="actions">
          <a class="button plain" href={changeUrl} rel="noreferrer">
            {emailSignIn.another}
          </a>
        </p>
      </section>
    </Layout>
  );
}
