import type { Context } from 'hono';
import type { Customer } from '../../customers/customer.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { AppEnv } from '../../http/context.ts';
import { sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { tellsClicks } from '../../http/press.ts';
import { nameOf } from '../../identity/principal.ts';
import { isRenewable, type Link } from '../../links/link.ts';
import { PayLinkPage } from '../../pages/pay-link.tsx';
import type { OpenInvoice } from '../../portal/due.ts';
import { lenientIntent } from '../../portal/intent.ts';
import { openInvoice, readOpen } from '../../visitor/payment.ts';
import { requireUnrevoked, type GenuineLink } from '../../visitor/read-link.ts';

/**
 * Whether a signed link opens invoices and nothing else: people forward these to others who pay. It
 * leads to no portal, begins no session of ours and switches nobody.
 */
export const opensInvoices = ({ flow }: Link): boolean => flow === 'pay';

/** A signed link to pay: amounts and numbers, each with a button; of a chosen invoice only that. */
export async function showInvoices(
  c: Context<AppEnv>,
  genuine: GenuineLink,
  chosen?: unknown,
): Promise<Response> {
  const found = await readFor(c, genuine);
  const open = found.open.filter(({ id }) => id === chosen);
  return page(c, genuine, open.length > 0 ? { ...found, open } : found);
}

/** POST of one of those buttons: a person goes there, so the invoice opens. */
export async function payByLink(
  c: Context<AppEnv>,
  genuine: GenuineLink,
  form: Record<string, unknown>,
): Promise<Response> {
  const { principal } = genuine.link;
  const intent = lenientIntent({ invoice: form['invoice'] });
  // A broken id must not become the oldest invoice.
  if (form['invoice'] !== undefined && intent.invoice === undefined)
    return showInvoices(c, genuine);
  // Holders of a forwarded link must not use up what its owner may open.
  const countedAs = `invoices by link of ${nameOf(principal)}`;
  const request = { principal, intent, ifSeveral: 'oldest', countedAs } as const;
  const outcome = await openInvoice(c.get('services'), request, new Date());
  await requireUnrevoked(c, genuine);
  if (outcome.kind === 'closed') throw closed();
  // Somebody else may have paid meanwhile: the page shows what is left.
  if (outcome.kind !== 'opened') return showInvoices(c, genuine);
  c.get('trace').outcome = 'invoice_opened';
  return c.redirect(outcome.url, 303);
}

/** The answer to an expired link if nothing is due; undefined also where that is not certain. */
export async function answerIfNothingDue(
  c: Context<AppEnv>,
  expired: GenuineLink,
): Promise<Response | undefined> {
  if (!opensInvoices(expired.link) || !isRenewable(expired, new Date())) return undefined;
  try {
    const found = await readFor(c, expired);
    return found.open.length === 0 ? await page(c, expired, found) : undefined;
  } catch (error) {
    // A link that was found to be revoked is no expired one.
    if (!(error instanceof BillingError) || error.code === 'link_invalid') throw error;
    return undefined;
  }
}

type Found = { customers: Customer[]; open: OpenInvoice[] };

async function readFor(c: Context<AppEnv>, genuine: GenuineLink): Promise<Found> {
  const { principal } = genuine.link;
  const services = c.get('services');
  // Scanners and holders of the link can ask for its page as often as they like.
  await services.limits.session(`invoices of ${nameOf(principal)}`);
  const { customers, open } = await readOpen(services, principal, {}, new Date());
  // Looking can teach D1 whose customer this is, and who that is may have been revoked.
  await requireUnrevoked(c, genuine);
  if (!open) throw closed();
  return { customers, open };
}

/** Here the portal is no way out: holders of the link may pay, and nothing else. */
function closed(): BillingError {
  return new BillingError('stripe_permission_missing', 'No invoice can be opened.', {
    remedy: 'Let the key read Invoices, and let Stripe host their pages.',
  });
}

async function page(
  c: Context<AppEnv>,
  { link, token }: GenuineLink,
  { customers, open }: Found,
): Promise<Response> {
  c.get('trace').outcome = 'page';
  sendOriginOnly(c);
  const email = link.principal.email ?? customers[0]?.email ?? undefined;
  return c.html(
    <PayLinkPage
      frame={await frameOf(c)}
      token={token}
      email={email}
      invoices={open}
      asksTick={!tellsClicks(c)}
    />,
  );
}
