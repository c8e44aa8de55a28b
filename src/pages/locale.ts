import { parseAccept } from 'hono/utils/accept';
import { TAGS, type Tag } from '../config/languages.ts';
import { de } from './languages/de.ts';
import { en } from './languages/en.ts';
import { es } from './languages/es.ts';
import { fr } from './languages/fr.ts';
import { ja } from './languages/ja.ts';
import type { Language } from './languages/language.ts';
import { ptBR } from './languages/pt-br.ts';

export { TAGS };

/**
 * To add a language, write its file, and add its tag to `config/languages.ts`. Each is built for
 * its first reader.
 */
const LANGUAGES: Record<Tag, () => Language> = { en, de, fr, es, 'pt-BR': ptBR, ja };

const built: Partial<Record<Tag, Language>> = {};

/** The words of a language. */
export const languageOf = (tag: Tag): Language => (built[tag] ??= LANGUAGES[tag]());

/** The words, and the tag that formats dates and numbers: en-GB uses the words of en. */
export type Locale = { language: Language; tag: string };

/**
 * The first language that we have: the one asked for, one that the browser accepts
 * (RFC 9110 §12.5.4), or else English. A regional variant falls back to its language.
 */
export function chooseLocale(
  asked: string | undefined,
  acceptLanguage: string | undefined,
): Locale {
  const accepted = parseAccept(acceptLanguage ?? '')
    .filter(({ q }) => q > 0)
    .toSorted((a, b) => b.q - a.q)
    .map(({ type }) => type);
  for (const wanted of [asked, ...accepted]) {
    const locale = findLocale(wanted);
    if (locale) return locale;
  }
  return { language: languageOf('en'), tag: 'en' };
}

/** The locale of this tag, if we have its language. */
export function findLocale(wanted: string | undefined): Locale | undefined {
  // Most requests ask for none, and an exception costs more than the rest of a visit's own code.
  const tag = wanted ? canonical(wanted) : undefined;
  const known = tag === undefined ? undefined : closestTo(tag);
  return tag !== undefined && known ? { language: languageOf(known), tag } : undefined;
}

function closestTo(tag: string): Tag | undefined {
  const base = tag.split('-')[0];
  return TAGS.find((known) => known === tag) ?? TAGS.find((known) => known.split('-')[0] === base);
}

/** Language, script and region. A tag's other parts can be anything that its author likes. */
function canonical(tag: string): string | undefined {
  try {
    const { language, script, region } = new Intl.Locale(tag);
    return [language, script, region].filter((part) => part !== undefined).join('-');
  } catch {
    return undefined;
  }
}
