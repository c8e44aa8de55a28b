import { beforeEach, describe, expect, it } from 'vitest';
import { createLinkWorld, PRESSED, type LinkWorld } from './signed-links.ts';
import { WEBHOOK_SECRET, type Person } from './world.ts';

const API_KEY = 'a key of the back end that is long enough';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld({ LINK_API_KEY: API_KEY });
  ada = await world.somebody();
});

type Sent = { path: string; type: string; body: string; headers: () => Record<string, string> };

const forms: Sent[] = [
  {
    path: '/billing/manage',
    type: FORM,
    body: 'locale=de',
    headers: () => ({ ...ada.browser, ...PRESSED }),
  },
  {
    path: '/billing/sign-in',
    type: FORM,
    body: 'address=nobody%40shop.example',
    headers: () => ({ ...PRESSED, 'cf-connecting-ip': '192.0.2.1' }),
  },
];
const jsons: Sent[] = [
  {
    path: '/api/stripe/create-portal-session',
    type: JSON_TYPE,
    body: '{"locale":"de"}',
    headers: () => ada.bearer,
  },
  {
    path: '/api/links',
    type: JSON_TYPE,
    body: '{"subject":"somebody"}',
    headers: () => ({ authorization: `Bearer ${API_KEY}` }),
  },
];
const webhook: Sent = {
  path: '/api/stripe/webhook',
  type: JSON_TYPE,
  body: '{"object":"event","type":"x","livemode":false}',
  headers: () => ({ 'stripe-signature': 't=1,v1=abc' }),
};

const post = async ({ path, type, headers }: Sent, body: BodyInit, contentType = type) =>
  world.visit(path, {
    method: 'POST',
    headers: { ...headers(), 'content-type': contentType },
    body,
  });

/** A body whose sender goes away before its end. */
function cutOff(text: string): ReadableStream {
  let isBegun = false;
  return new ReadableStream({
    pull(controller) {
      if (isBegun) controller.error(new Error('Network connection lost.'));
      else controller.enqueue(new TextEncoder().encode(text));
      isBegun = true;
    },
  });
}

async function expectInvalid(response: Response): Promise<void> {
  expect(response.status).toBe(400);
  expect(response.headers.get('x-error-code')).toBe('request_invalid');
  expect(world.sessionsMade()).toBe(0);
  expect(world.mailbox.mails).toEqual([]);
}

describe.each(forms)('the form at $path', (sent) => {
  it.each([
    'charset=iso-8859-1',
    'charset=ISO-8859-15',
    'Charset="windows-1252"',
    'charset=utf-16',
    'charset=utf-7',
    'charset=shift_jis',
    'charset=',
    'charset',
    'charset=utf-8; charset=latin1',
    'charset=utf-8x',
    "charset='utf-8'",
    'boundary=x; charset=us-ascii',
  ])('is refused with %s', async (parameter) => {
    await expectInvalid(await post(sent, sent.body, `${FORM}; ${parameter}`));
    await expectInvalid(await post(sent, sent.body, `${FORM};${parameter}`));
  });

  it.each(['; a="', ';;=;', '; "charset"=latin1', '; a="x;charset=latin1"', '; =', '; \u00ff=1'])(
    'is no outage as "application/x-www-form-urlencoded%s"',
    async (parameters) => {
      const { status } = await post(sent, sent.body, `${FORM}${parameters}`);
      expect([200, 303, 400]).toContain(status);
    },
  );

  it.each([
    '',
    '; charset=utf-8',
    ';charset=UTF-8',
    '; charset="utf-8"',
    '; Charset=utf8',
    ' ; charset=utf-8 ',
    '; charset=utf-8;',
    '; boundary=x',
    ';',
  ])('is taken as "application/x-www-form-urlencoded%s"', async (parameters) => {
    const response = await post(sent, sent.body, `${FORM}${parameters}`);
    expect([200, 303]).toContain(response.status);
  });
});

describe.each([...forms, ...jsons, webhook])('the body at $path', (sent) => {
  it('is refused when it is cut off', async () => {
    await expectInvalid(await post(sent, cutOff(sent.body)));
  });

  it('is refused when it is cut off after its length was said', async () => {
    const { path, type, headers } = sent;
    const said = { ...headers(), 'content-type': type, 'content-length': '4000' };
    const init = { method: 'POST', headers: said, body: cutOff(sent.body) };
    await expectInvalid(await world.visit(path, init));
  });
});

describe.each(jsons)('the JSON at $path', (sent) => {
  it.each(['iso-8859-1', '"utf-16"', 'utf-8; charset=latin1'])(
    'is refused with the charset %s',
    async (charset) => {
      await expectInvalid(await post(sent, sent.body, `${JSON_TYPE}; charset=${charset}`));
    },
  );

  it('is refused when its bytes are not UTF-8', async () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80]]) {
      const text = new TextEncoder().encode('{"locale":"');
      const body = new Uint8Array([...text, ...bytes, 0x22, 0x7d]);
      await expectInvalid(await post(sent, body));
    }
  });

  it('is taken with a byte order mark, and as UTF-8 by name', async () => {
    for (const body of [sent.body, `\ufeff${sent.body}`]) {
      const response = await post(sent, body, `${JSON_TYPE}; charset="UTF-8"`);
      expect([200, 201]).toContain(response.status);
    }
  });
});

it('signs out without reading a body', async () => {
  for (const body of ['x', cutOff('x')]) {
    const headers = { ...PRESSED, 'content-type': `${FORM}; charset=latin1` };
    const response = await world.visit('/billing/sign-out', { method: 'POST', headers, body });
    expect(response.status).toBe(303);
  }
});

describe('a body as large as an address takes', () => {
  const KIB = 1024;

  it.each([...forms, ...jsons])('is read at $path, and none that is larger', async (sent) => {
    const pad = (bytes: number) =>
      sent.type === FORM
        ? `${sent.body}&x=`.padEnd(bytes, 'x')
        : `${sent.body.slice(0, -1)}${' '.repeat(bytes - sent.body.length)}}`;
    const largest = pad(16 * KIB);
    expect(new TextEncoder().encode(largest)).toHaveLength(16 * KIB);
    expect([200, 201, 303]).toContain((await post(sent, largest)).status);
    expect((await post(sent, pad(16 * KIB + 1))).status).toBe(413);
    // Without a length, as a stream has none.
    expect((await post(sent, new Blob([pad(16 * KIB + 1)]).stream())).status).toBe(413);
  });

  it('is read at the webhook, and none that is larger', async () => {
    const sized = (bytes: number) => webhook.body.padEnd(bytes, ' ');
    const send = async (payload: string) => {
      const signature = await world.api.webhooks.generateTestHeaderStringAsync({
        payload,
        secret: WEBHOOK_SECRET,
      });
      return post({ ...webhook, headers: () => ({ 'stripe-signature': signature }) }, payload);
    };
    expect((await send(sized(512 * KIB))).status).toBe(200);
    expect((await send(sized(512 * KIB + 1))).status).toBe(413);
  });
});
