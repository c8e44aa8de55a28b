// Decimal digits of amounts in Stripe's API. They can differ from how amounts are written: ISK
// and UGX are written without decimals, and still given in hundredths.
// https://docs.stripe.com/currencies#zero-decimal
const ZERO_DECIMAL = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
);
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

/**
 * An amount in the currency's smallest unit, as people of the locale write it. Some currencies are
 * written whole, such as HUF, COP and PKR. Stripe bills them in hundredths all the same, and the
 * invoice says those.
 */
export function formatMoney(amount: number, currency: string, tag: string): string {
  const code = currency.toLowerCase();
  const digits = ZERO_DECIMAL.has(code) ? 0 : THREE_DECIMAL.has(code) ? 3 : 2;
  const minimumFractionDigits = amount % 10 ** digits === 0 ? undefined : digits;
  const format = new Intl.NumberFormat(tag, { style: 'currency', currency, minimumFractionDigits });
  return format.format(amount / 10 ** digits);
}

// Some languages say an ordinal there, which Intl does not.
const FIRST_OF_MONTH: Record<string, string> = { fr: '1er', pt: '1º' };

/** The day of a time in Unix seconds. Stripe bills by UTC. */
export function formatDay(seconds: number, tag: string): string {
  const format = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' });
  const day = format.format(seconds * 1000);
  const first = tag === 'pt-PT' ? undefined : FIRST_OF_MONTH[tag.slice(0, 2)];
  return first === undefined ? day : day.replace(/^1\b/, first);
}
