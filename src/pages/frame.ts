import type { LegalLink } from '../config/rules.ts';
import type { Locale } from './locale.ts';

export type Brand = {
  name: string;
  color: string;
  homeUrl: string | undefined;
  logo: { url: string; darkUrl: string | undefined } | undefined;
};

/** What every page needs: the brand, the language and the nonce of its style. */
export type Frame = {
  brand: Brand;
  legalLinks: LegalLink[];
  supportUrl: string | undefined;
  locale: Locale;
  /** The nonce that the response's Content-Security-Policy names. */
  nonce: string;
  /** The query of the page's address; undefined where the address cannot be asked for again. */
  repeat: [string, string][] | undefined;
};
