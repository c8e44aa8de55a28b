import type { LegalLink } from '../config/kinds.ts';
import type { Frame } from './frame.ts';
import { isolate } from './isolate.ts';
import { TAGS } from '../config/languages.ts';

/** The way back to the shop, its own links, and the other languages. */
export function Footer({ frame }: { frame: Frame }) {
  const { brand, legalLinks, supportUrl, locale } = frame;
  const { language } = locale;
  return (
    <footer>
      {brand.homeUrl && (
        <a class="back" href={brand.homeUrl} rel="noreferrer">
          {language.backTo(isolate(brand.name))}
        </a>
      )}
      {supportUrl && (
        <a href={supportUrl} rel="noreferrer">
          {language.contactUs}
        </a>
      )}
      {legalFor(legalLinks, language.tag).map(({ name, href }) => (
        <a href={href} rel="noreferrer">
          {language.legal[name]}
        </a>
      ))}
      <span>{language.handledByStripe}</span>
      <Languages frame={frame} />
    </footer>
  );
}

/** Each name once, in its place, with the address for this language where there is one. */
export function legalFor(links: LegalLink[], tag: string): LegalLink[] {
  const [base] = tag.split('-');
  const suits = ({ language }: LegalLink) =>
    language === undefined || language === tag || language === base;
  const own = links.filter((link) => suits(link));
  return [...new Set(own.map(({ name }) => name))].flatMap((name) => {
    const all = own.filter((link) => link.name === name);
    return all.find(({ language }) => language !== undefined) ?? all.slice(0, 1);
  });
}

/** Asks for the page once more, in another language. */
function Languages({ frame: { locale, repeat } }: { frame: Frame }) {
  const { language } = locale;
  return (
    <details class="languages">
      <summary>
        {language.language}
        {language.colon}
        {nameOf(language.tag)}
      </summary>
      <form method="get" action={repeat.action}>
        {repeat.fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {TAGS.map((tag) => (
          <button
            class="textual"
            type="submit"
            name="locale"
            value={tag}
            lang={tag}
            aria-current={tag === language.tag ? 'true' : undefined}
          >
            {nameOf(tag)}
          </button>
        ))}
      </form>
    </details>
  );
}

/** What a language calls itself. */
function nameOf(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
