import { raw } from 'hono/html';
import type { Frame } from './frame.ts';
import { isolate } from './isolate.ts';
import { inkOn, needsEdge, shadeOf } from './brand.ts';
import { Table } from './table.tsx';

export type Mail = { subject: string; html: string; text: string };

// Mail programs support stylesheets badly, so every style is on its element: these rules only add
// to them. Each block is on its own, because some programs drop one that they cannot read.
const dark = (color: string) =>
  '@media (prefers-color-scheme: dark) {' +
  ' .page { background: #0e0f13 !important; }' +
  ' .card { background: #181a20 !important; border-color: #2b2e37 !important; }' +
  ' .text { color: #f1f2f5 !important; } .quiet { color: #a4a9b8 !important; }' +
  ` .button { border-color: ${needsEdge(color, 'dark') ? '#737887' : color} !important; } }`;
const hover = (color: string) =>
  `.button:hover { background: color-mix(in srgb, ${color}, ${shadeOf(color)} 14%) !important; }`;

const FONT = 'font-family: -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;';
const TEXT = `margin: 0; padding: 0 0 16px; ${FONT} font-size: 16px; line-height: 24px; color: #16181d;`;
const QUIET = `margin: 0; padding: 0 0 12px; ${FONT} font-size: 14px; line-height: 21px; color: #5b6070;`;
const HIDDEN =
  'display: none; max-height: 0; overflow: hidden; font-size: 1px; line-height: 1px; opacity: 0; mso-hide: all;';

// Word knows no max-width: the card is as wide as the cell that it is in.
const OUTLOOK_BEGIN = '<!--[if mso]><table role="presentation" width="480"><tr><td><![endif]-->';
const OUTLOOK_END = '<!--[if mso]></td></tr></table><![endif]-->';

/**
 * The mail with a sign-in link, as HTML and as text with the same words. Outlook on Windows lays
 * out with Word: it keeps the padding of table cells, and no other.
 */
export async function composeSignInMail({
  brand,
  locale,
  supportUrl,
  link,
}: Pick<Frame, 'locale' | 'supportUrl'> & {
  brand: Pick<Frame['brand'], 'name' | 'color'>;
  link: string;
}): Promise<Mail> {
  const { tag, direction, colon, mail, contactUs } = locale.language;
  const { name, color } = brand;
  const subject = mail.subject(isolate(name));
  const lead = mail.lead(isolate(name));
  const edge = needsEdge(color, 'light') ? '#868a97' : color;
  const box = `border: 1px solid ${edge}; border-radius: 10px; background: ${color};`;
  const label = `${FONT} font-size: 16px; line-height: 22px; font-weight: bold; color: ${inkOn(color)}; text-decoration: none;`;
  const page = (
    <>
      {raw('<!doctype html>')}
      <html lang={tag} dir={direction}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <title>{subject}</title>
          <style>{raw(dark(color))}</style>
          <style>{raw(hover(color))}</style>
        </head>
        <body class="page" style="margin: 0; padding: 0; background: #f6f6f8;">
          <div style={HIDDEN}>{mail.preheader}</div>
          <Table class="page" bgcolor="#f6f6f8" width="100%" align="center">
            <td align="center" style="padding: 32px 16px;">
              {raw(OUTLOOK_BEGIN)}
              <Table
                class="card"
                bgcolor="#ffffff"
                width="480"
                style="width: 100%; max-width: 480px; border: 1px solid #e3e4e9; border-radius: 16px; border-collapse: separate; table-layout: fixed;"
              >
                <td style="padding: 28px;">
                  <p class="text" style={`${TEXT} font-weight: bold;`}>
                    {name}
                  </p>
                  <p class="text" style={TEXT}>
                    {lead}
                  </p>
                  <Table>
                    <td class="button" bgcolor={color} style={`${box} mso-padding-alt: 12px 20px;`}>
                      <a
                        href={link}
                        style={`display: inline-block; padding: 12px 20px; mso-padding-alt: 0; ${label}`}
                      >
                        {mail.open}
                      </a>
                    </td>
                  </Table>
                  <p class="quiet" style={`${QUIET} padding: 20px 0 4px;`}>
                    {mail.copy}
                  </p>
                  <p class="quiet" style={`${QUIET} word-break: break-all;`}>
                    <a href={link} class="quiet" style="color: #5b6070;">
                      {link}
                    </a>
                  </p>
                  <p class="text" style={TEXT}>
                    {mail.warning}
                  </p>
                  <p class="quiet" style={QUIET}>
                    {mail.notYou}
                  </p>
                  {supportUrl && (
                    <p class="quiet" style={`${QUIET} padding-bottom: 0;`}>
                      <a href={supportUrl} class="quiet" style="color: #5b6070;">
                        {contactUs}
                      </a>
                    </p>
                  )}
                </td>
              </Table>
              {raw(OUTLOOK_END)}
            </td>
          </Table>
        </body>
      </html>
    </>
  );
  const help = supportUrl && `${contactUs}${colon}${supportUrl.replace(/^mailto:/, '')}`;
  const paragraphs = [lead, link, mail.warning, mail.notYou, help, `-- \n${name}`];
  const text = `${paragraphs.filter((each) => each !== undefined).join('\n\n')}\n`;
  return { subject, html: String(await page), text };
}
