import * as v from 'valibot';
import {
  needsColor,
  needsHelp,
  needsHome,
  needsLegalLinks,
  needsLogo,
  needsPricing,
} from './remedies.ts';
import { address, addressOrPath, legalLinks, linkOrMail, matching, text } from './rules.ts';

export const DEFAULT_COLOR = '#4f46e5';

/** How the pages introduce themselves, and where else they lead. */
export const brandEntries = {
  BRAND_NAME: v.optional(
    v.pipe(text('set it to a name.'), v.maxLength(60, 'use at most 60 characters.')),
  ),
  BRAND_COLOR: v.optional(matching(/^#[0-9a-f]{6}$/i, needsColor), DEFAULT_COLOR),
  HOME_URL: v.optional(addressOrPath(needsHome)),
  LOGO_URL: v.optional(addressOrPath(needsLogo)),
  LOGO_DARK_URL: v.optional(addressOrPath(needsLogo)),
  LEGAL_LINKS: v.optional(legalLinks(needsLegalLinks)),
  PRICING_URL: v.optional(address(needsPricing)),
  SUPPORT_URL: v.optional(linkOrMail(needsHelp)),
};
