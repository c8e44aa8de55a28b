import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { breakable } from './breakable.tsx';
import { Footer } from './footer.tsx';
import type { Brand, Frame } from './frame.ts';
import { stylesheet } from './style.ts';

export function Layout({
  frame,
  title,
  tab = title,
  children,
}: {
  frame: Frame;
  /** The page's heading. */
  title: string;
  /** What its tab is called, before the brand. */
  tab?: string;
  children: Child;
}) {
  const { brand, locale, nonce } = frame;
  const { language } = locale;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={language.tag} dir={language.direction}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <meta name="color-scheme" content="light dark" />
          <meta name="theme-color" content={brand.color} />
          <link rel="icon" href={iconOf(brand.color)} />
          <title>{tab === brand.name ? tab : `${tab} · ${brand.name}`}</title>
          <style nonce={nonce}>{raw(stylesheet(brand.color))}</style>
        </head>
        <body>
          <header>
            {brand.homeUrl === undefined ? (
              <Name brand={brand} />
            ) : (
              <a href={brand.homeUrl} rel="noreferrer">
                <Name brand={brand} />
              </a>
            )}
          </header>
          <main>
            <h1>{breakable(title)}</h1>
            {children}
          </main>
          <Footer frame={frame} />
        </body>
      </html>
    </>
  );
}

function Name({ brand: { name, logo } }: { brand: Brand }) {
  if (!logo) return <bdi class="name">{name}</bdi>;
  return (
    <picture>
      {logo.darkUrl && <source srcset={logo.darkUrl} media="(prefers-color-scheme: dark)" />}
      <img class="logo" src={logo.url} alt={name} referrerpolicy="no-referrer" />
    </picture>
  );
}

/** A dot in the brand's colour. */
function iconOf(color: string): string {
  const dot = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="${color}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(dot)}`;
}
