import { breakable } from './breakable.tsx';
import { isolate } from './isolate.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { maskEmail } from './mask.ts';

/** The button that keeps the session from before. */
export const STAY = { name: 'stay', value: 'yes' } as const;

/** Asks before a sign-in takes the place of somebody else's session. */
export function AnotherAccountPage({
  frame,
  before,
  email,
  to,
}: {
  frame: Frame;
  /** Who the browser's session is of: perhaps of another person, so the address is masked. */
  before: { email: string | undefined; isValid: boolean };
  /** Of the account that has just signed in. */
  email: string | undefined;
  /** Where the visitor was going. */
  to: string;
}) {
  const { language } = frame.locale;
  const { account } = language;
  const now = email && isolate(email);
  const was = before.email && isolate(maskEmail(before.email, email));
  const goal = encodeURIComponent(to);
  const address = `/billing/switch?to=${goal}`;
  return (
    <Layout frame={frame} title={account.another}>
      <section class="card">
        <p>{now ? account.now(now) : account.nowAnother}</p>
        {was && <p>{account.before(was)}</p>}
        {now && !was && <p>{account.beforeAnother}</p>}
        <form method="post" action={address} class="actions">
          <button class="button" type="submit">
            {now ? breakable(language.link.continueAs(now)) : account.continue}
          </button>
        </form>
        {before.isValid ? (
          <form method="post" action={address}>
            <button class="textual" type="submit" {...STAY}>
              {was === undefined ? language.link.stay : breakable(language.link.stayAs(was))}
            </button>
          </form>
        ) : (
          <p>
            <a href={`/billing/authorize?as=other&to=${goal}`} rel="noreferrer">
              {account.other}
            </a>
          </p>
        )}
      </section>
    </Layout>
  );
}
