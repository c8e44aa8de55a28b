import type { Due } from '../portal/due.ts';
import { payableOf } from '../portal/pay.ts';
import { DueLine, payLabel } from './due.tsx';
import { Layout, type Frame } from './layout.tsx';
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
  const title = invoices.length === 0 ? due.nothing : billing;
  const [first] = payableOf(invoices);
  const button = { name: BUTTON.name, value: BUTTON.plain };
  return (
    <Layout frame={frame} title={title}>
      <section class="card">
        <h1>{title}</h1>
        {email !== undefined && <p>{due.linkFor(maskEmail(email), brand.name)}</p>}
        <ul class="choices">
          {invoices.map((each) => (
            <DueLine due={each} locale={locale}>
              <OpenForm
                token={token}
                frame={frame}
                choice={{ name: 'invoice', value: each.id, label: payLabel(each, locale) }}
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
