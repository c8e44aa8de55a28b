import * as v from 'valibot';
import {
  needsColor,
  needsHelp,
  needsHome,
  needsLegalLinks,
  needsLogo,
  needsPricing,
} from './remedies.ts';
import { address, addressOrPath, legalLinks, linkOrMail, matching, text } from './kinds.ts';

export const DEFAULT_COLOR = '#4f46e5';

/** How the pages introduce themselves, and where else they lead. */
export const brandEntries = {
  BRAND_NAME: () =>
    v.pipe(text('set it to a name.'), v.maxLength(60, 'use at most 60 characters.')),
  BRAND_COLOR: () => matching(/^#[0-9a-f]{6}$/i, needsColor),
  HOME_URL: () => addressOrPath(needsHome),
  LOGO_URL: () => addressOrPath(needsLogo),
  LOGO_DARK_URL: () => addressOrPath(needsLogo),
  LEGAL_LINKS: () => legalLinks(needsLegalLinks),
  PRICING_URL: () => address(needsPricing),
  SUPPORT_URL: () => linkOrMail(needsHelp),
};
