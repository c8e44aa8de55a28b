import type { LegalLink } from '../config/kinds.ts';
import type { Locale } from './locale.ts';

export type Brand = {
  name: string;
  color: string;
  homeUrl: string | undefined;
  logo: { url: string; darkUrl: string | undefined } | undefined;
};

/** An address, or else the page's own, and its query. */
export type Repeat = { action?: string | undefined; fields: [name: string, value: string][] };

/** What every page needs: the brand, the language and the nonce of its style. */
export type Frame = {
  brand: Brand;
  legalLinks: LegalLink[];
  supportUrl: string | undefined;
  locale: Locale;
  /** The nonce that the response's Content-Security-Policy names. */
  nonce: string;
  /** Where the page can be asked for in another language. */
  repeat: Repeat;
};
