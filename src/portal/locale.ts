// https://docs.stripe.com/api/customer_portal/sessions/create#create_portal_session-locale
const LOCALES =
  'bg cs da de el en en-AU en-CA en-GB en-IE en-IN en-NZ en-SG es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW'.split(
    ' ',
  );

/**
 * The portal's locale for a BCP 47 tag: the tag itself, or its language, if Stripe supports it.
 * Otherwise undefined: Stripe then asks the browser.
 */
export function portalLocale(tag: string | undefined): string | undefined {
  if (tag === undefined) return undefined;
  const wanted = tag.toLowerCase();
  return known(wanted) ?? known(wanted.split('-')[0]);
}

function known(tag: string | undefined): string | undefined {
  return LOCALES.find((locale) => locale.toLowerCase() === tag);
}
