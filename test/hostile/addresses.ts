import * as fc from 'fast-check';
import { inject } from 'vitest';

const maybe = (...values: string[]) => fc.constantFrom('', '', '', ...values);

const noise = maybe(
  '\t',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\u0000',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u2028',
  '\ufeff',
  '\v',
  '\u007f',
);
const scheme = fc.constantFrom(
  '',
  '',
  '',
  'https:',
  'https:',
  'https:',
  'http:',
  'http:',
  'HTTPS:',
  'https&colon;',
  'https%3a',
  'ht\ttps:',
  'javascript:',
  'data:text/html,',
  'blob:https:',
  'ftp:',
  'ws:',
  'view-source:https:',
  'intent:',
  'file:',
  'x-shop:',
);
const slashes = fc.constantFrom(
  '//',
  '//',
  '//',
  '//',
  '/',
  '',
  '///',
  '\\\\',
  '/\\',
  '\\/',
  '/\t/',
  '/\n/',
  '/./',
  '/..//',
  '%2f%2f',
  '//%2f',
  '\u2215\u2215',
  '/;/',
);
const userinfo = maybe(
  'shop.example@',
  'shop.example:443@',
  'user:password@',
  '@',
  ':@',
  'app.example%40',
  'https://shop.example@',
);
const host = fc.constantFrom(
  'shop.example',
  'app.example',
  'evil.example',
  'evil.example',
  'shop.example.evil.example',
  'evil.example#shop.example',
  'evil.example?shop.example',
  'evil.example\\shop.example',
  'evilshop.example',
  'shop.example.',
  'shop.example%2eevil.example',
  'shop.example%00.evil.example',
  'shop\u3002example',
  'evil\u3002example',
  'ѕhop.example',
  'shop.examplé',
  'ｓｈｏｐ.example',
  'SHOP.example',
  'localhost',
  '127.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '0x7f.1',
  '2130706433',
  '169.254.169.254',
  'xn--hop-8dc.example',
  'xn--',
  '\u202eelpmaxe.pohs',
  '',
);
const port = maybe(':443', ':80', ':8443', ':0', ':99999', ':', ':443@evil.example', ':0443');
const path = maybe(
  '/',
  '/billing',
  '/../..//evil.example',
  '/%2e%2e/%2e%2e',
  '/\\evil.example',
  '?next=//evil.example',
  '#@evil.example',
  '/%0d%0aset-cookie:evil=1',
  '/\r\nset-cookie: evil=1',
  '/\r\n\r\n<script>alert(1)</script>',
  '/%E5%98%8A%E5%98%8Dset-cookie:evil=1',
  '/嘊嘍set-cookie: evil=1',
  '/\u0000location: https://evil.example',
  `/${'a'.repeat(6000)}`,
  `/${'%'.repeat(50)}`,
  '/\ud800',
  '/"><script>alert(1)</script>',
  "/';alert(1);//",
);
const hostileAddress = fc
  .tuple(noise, scheme, noise, slashes, noise, userinfo, host, port, path, noise)
  .map((parts) => parts.join(''));

/** So many different addresses. `SEED=…` makes the same ones again. */
export function generateAddresses(count: number): string[] {
  const distinct = new Set<string>();
  for (let round = 0; distinct.size < count; round += 1) {
    const seed = inject('seed') + round;
    for (const each of fc.sample(hostileAddress, { numRuns: count, seed })) distinct.add(each);
  }
  return [...distinct].slice(0, count);
}
