import { html, raw } from 'hono/html';
import { styles } from './styles.ts';

export type Markup = ReturnType<typeof html>;

/** The frame of every page here; `label` says whose page this is not. */
export function layout(title: string, label: string, content: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${raw(styles)}
        </style>
      </head>
      <body>
        <p class="label">${label}</p>
        <main>${content}</main>
      </body>
    </html>`;
}

export const standInLabel = 'Stripe stand-in: no real money';

/** A page in full; nothing here may be kept by a cache or tell where a visitor came from. */
export async function page(markup: Markup, status = 200): Promise<Response> {
  return new Response(String(await markup), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  });
}
