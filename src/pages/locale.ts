import { parseAccept } from 'hono/utils/accept';
import { findTag, type Tag } from '../config/languages.ts';
import type { Language } from './languages/language.ts';

/**
 * To add a language, write its file, and add its tag to `config/languages.ts`. Each is loaded for
 * its first reader.
 */
const LANGUAGES: Record<Tag, () => Promise<Language>> = {
  en: async () => (await import('./languages/en.ts')).en(),
  de: async () => (await import('./languages/de.ts')).de(),
  fr: async () => (await import('./languages/fr.ts')).fr(),
  es: async () => (await import('./languages/es.ts')).es(),
  'pt-BR': async () => (await import('./languages/pt-br.ts')).ptBR(),
  ja: async () => (await import('./languages/ja.ts')).ja(),
};

const loaded: Partial<Record<Tag, Promise<Language>>> = {};

/** The words of a language. */
export const languageOf = async (tag: Tag): Promise<Language> => (loaded[tag] ??= LANGUAGES[tag]());

/** The words, and the tag that formats dates and numbers: en-GB uses the words of en. */
export type Locale = { language: Language; tag: string };

/**
 * The first language that we have: the one asked for, one that the browser accepts
 * (RFC 9110 §12.5.4), or else English. A regional variant falls back to its language.
 */
export async function chooseLocale(
  asked: string | undefined,
  acceptLanguage: string | undefined,
): Promise<Locale> {
  const accepted = parseAccept(acceptLanguage ?? '')
    .filter(({ q }) => q > 0)
    .toSorted((a, b) => b.q - a.q)
    .map(({ type }) => type);
  for (const wanted of [asked, ...accepted]) {
    const found = findTag(wanted);
    if (found) return { language: await languageOf(found.known), tag: found.tag };
  }
  return { language: await languageOf('en'), tag: 'en' };
}
