import * as fc from 'fast-check';

const MARK = 'x7q';

export const nasty = fc.constantFrom(
  `<script>${MARK}</script>`,
  `"><img src=x onerror=${MARK}>`,
  `javascript:${MARK}`,
  `'; drop table customers; -- ${MARK}`,
  `${MARK}\r\nset-cookie: evil=1`,
  `%0d%0aset-cookie:evil=${MARK}`,
  '//evil.example',
  '/\\evil.example',
  'https://app.example/ok',
  '../../../etc/passwd',
  '\u0000',
  '\uD800',
  '{{7*7}}',
  '__proto__',
  'constructor',
  '9'.repeat(400),
  'subscription_cancel',
  'payment_method_update',
);
/** Names of what addresses and forms take, and others. */
export const name = fc.oneof(
  fc.constantFrom(
    'flow',
    'customer',
    'subscription',
    'price',
    'quantity',
    'return_to',
    'locale',
    'token',
    'signed_in',
  ),
  fc.string({ maxLength: 12 }),
);

// Header values are bytes, and neither begin nor end with a space.
export const headerValue = fc.oneof(
  fc.constantFrom(
    'text/html',
    'application/json',
    '*/*;q=x',
    'de;q=9',
    `<${MARK}>`,
    'Bearer ',
    'null',
    'https://evil.example',
  ),
  fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/[^\x21-\x7e]/g, '.')),
);
export const headers = fc.dictionary(
  fc.constantFrom(
    'accept',
    'accept-language',
    'authorization',
    'cookie',
    'origin',
    'referer',
    'user-agent',
    'sec-fetch-site',
    'sec-fetch-mode',
    'sec-fetch-user',
    'sec-fetch-dest',
    'content-type',
    'cf-ray',
    'cf-connecting-ip',
    'stripe-signature',
    'x-forwarded-for',
  ),
  headerValue,
);
