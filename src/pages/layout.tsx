import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Locale } from './locale.ts';
import { stylesheet } from './style.ts';

/** What every page needs: the brand, the language and the nonce of its style. */
export type Frame = {
  brand: { name: string; color: string };
  supportUrl: string | undefined;
  locale: Locale;
  /** The nonce that the response's Content-Security-Policy names. */
  nonce: string;
};

export function Layout({
  frame,
  title,
  children,
}: {
  frame: Frame;
  title: string;
  children: Child;
}) {
  const { brand, supportUrl, locale, nonce } = frame;
  const { language } = locale;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={language.tag}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <meta name="color-scheme" content="light dark" />
          <link rel="icon" href="data:," />
          <title>{title === brand.name ? title : `${title} · ${brand.name}`}</title>
          <style nonce={nonce}>{raw(stylesheet(brand.color))}</style>
        </head>
        <body>
          <header>{brand.name}</header>
          <main>{children}</main>
          <footer>
            {supportUrl && (
              <a href={supportUrl} rel="noreferrer">
                {language.getHelp}
              </a>
            )}
            <span>{language.handledByStripe}</span>
          </footer>
        </body>
      </html>
    </>
  );
}
