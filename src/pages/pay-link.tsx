import type { Due } from '../portal/due.ts';
import { payableOf } from '../portal/pay.ts';
import { DueLine, payLabel } from './due.tsx';
import { isolate } from './isolate.ts';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';
import { maskEmail } from './mask.ts';
import { BUTTON, OpenForm } from './open-form.tsx';

/** What a signed link to pay shows: amounts and numbers, to anyone who holds it. */
export function PayLinkPage({
  frame,
  token,
  email,
  invoices,
  asksTick,
}: {
  frame: Frame;
  token: string;
  email: string | undefined;
  invoices: Due[];
  asksTick: boolean;
}) {
  const { locale, brand } = frame;
  const { due, billing } = locale.language;
  const [first, ...others] = payableOf(invoices);
  const question = others.length > 0 ? due.which : billing;
  const title = invoices.length === 0 ? due.nothing : question;
  const button = { name: BUTTON.name, value: BUTTON.plain };
  return (
    <Layout frame={frame} title={title}>
      <section class="card">
        {email !== undefined && (
          <p>{due.linkFor(isolate(maskEmail(email)), isolate(brand.name))}</p>
        )}
        <ul class="list plain" role="list">
          {invoices.map((each) => (
            <DueLine due={each} locale={locale}>
              <OpenForm
                token={token}
                frame={frame}
                choice={{
                  name: 'invoice',
                  value: each.id,
                  label: payLabel(each, locale),
                  describedBy: each.id,
                }}
                button={button}
                asksTick={asksTick && invoices.length === 1}
                look={each === first ? 'button' : 'button plain'}
              >
                {due.payNow}
              </OpenForm>
            </DueLine>
          ))}
        </ul>
        {first && <p class="quiet">{due.opensThere}</p>}
      </section>
    </Layout>
  );
}
