import { raw } from 'hono/html';
import type { Frame } from './layout.tsx';
import { inkOn } from './brand.ts';

export type Mail = { subject: string; html: string; text: string };

/** The mail with a sign-in link, as HTML and as text with the same words. */
export async function composeSignInMail({
  brand,
  locale,
  supportUrl,
  link,
}: Pick<Frame, 'brand' | 'locale' | 'supportUrl'> & { link: string }): Promise<Mail> {
  const { tag, mail, getHelp } = locale.language;
  const subject = mail.subject(brand.name);
  const help = supportUrl === undefined ? undefined : `${getHelp}: ${supportUrl}`;
  const paragraphs = [mail.lead(brand.name), link, mail.lasts, mail.notYou, help, brand.name];
  // Mail programs support stylesheets badly, so every style is on its element.
  const page = (
    <>
      {raw('<!doctype html>')}
      <html lang={tag}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{subject}</title>
        </head>
        <body style="margin: 0; padding: 24px; font: 16px/1.5 sans-serif">
          <table
            role="presentation"
            cellpadding="0"
            cellspacing="0"
            border={0}
            style="max-width: 480px"
          >
            <tr>
              <td>
                <p style="margin: 0 0 24px; font-weight: bold">{brand.name}</p>
                <p style="margin: 0 0 24px">{mail.lead(brand.name)}</p>
                <p style="margin: 0 0 24px">
                  <a
                    href={link}
                    style={`display: inline-block; padding: 12px 20px; border-radius: 8px; background: ${brand.color}; color: ${inkOn(brand.color)}; font-weight: bold; text-decoration: none`}
                  >
                    {mail.open}
                  </a>
                </p>
                <p style="margin: 0 0 12px">{mail.lasts}</p>
                <p style="margin: 0 0 12px">{mail.notYou}</p>
                {supportUrl && (
                  <p style="margin: 0">
                    <a href={supportUrl}>{getHelp}</a>
                  </p>
                )}
              </td>
            </tr>
          </table>
        </body>
      </html>
    </>
  );
  const html = String(await page);
  const text = `${paragraphs.filter((each) => each !== undefined).join('\n\n')}\n`;
  return { subject, html, text };
}
