import { describe, expect, it, vi } from 'vitest';
import { WEBHOOK_SECRET } from '../world.ts';
import { newCustomer, now, post, sign, useEndpoint, world } from './endpoint.ts';

useEndpoint();

describe('POST /api/stripe/webhook', () => {
  it('refuses everything while there is no endpoint, also what is signed with the words for that', async () => {
    world.configure({ STRIPE_WEBHOOK_SECRET: 'whsec_none' });
    const { payload } = await newCustomer('nobody');
    const answer = await post(payload, await sign(payload, 'whsec_none'));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'webhook_refused' });
    expect((await world.visit('/billing')).status).not.toBe(503);
  });

  it('accepts any of several secrets, and any of several signatures', async () => {
    world.configure({ STRIPE_WEBHOOK_SECRET: `whsec_new,${WEBHOOK_SECRET}` });
    const { payload } = await newCustomer('rotated');
    const time = now();
    const old = await sign(payload, 'whsec_retired', time);
    const right = await sign(payload, WEBHOOK_SECRET, time);
    const both = `${old},${right.split(',')[1]}`;
    expect((await post(payload, right)).status).toBe(200);
    expect((await post(payload, both)).status).toBe(200);
  });

  it.each<[string, (payload: string) => Promise<[BodyInit, string | undefined]>]>([
    ['no signature', async (payload) => [payload, undefined]],
    ['an empty signature', async (payload) => [payload, '']],
    ['garbage for a signature', async (payload) => [payload, 'garbage']],
    [
      'a signature of the scheme v0 alone',
      async (payload) => [payload, (await sign(payload)).replace('v1=', 'v0=')],
    ],
    ['a wrong signature', async (payload) => [payload, `t=${now()},v1=${'0'.repeat(64)}`]],
    [
      'one byte that was changed',
      async (payload) => [payload.replace('Ada', 'Eve'), await sign(payload)],
    ],
    [
      'a body that was written anew',
      async (payload) => [JSON.stringify(JSON.parse(payload), null, 2), await sign(payload)],
    ],
    [
      'a signature 301 s old',
      async (body) => [body, await sign(body, WEBHOOK_SECRET, now() - 301)],
    ],
    ['one 302 s ahead', async (body) => [body, await sign(body, WEBHOOK_SECRET, now() + 302)]],
    ['two times', async (payload) => [payload, `t=${now()},${await sign(payload)}`]],
    [
      'a time that is no number',
      async (payload) => [payload, (await sign(payload)).replace(/t=\d+/, 't=soon')],
    ],
    [
      'a time with something behind it',
      async (payload) => [payload, (await sign(payload)).replace(/t=(\d+)/, 't=$1x')],
    ],
    ['a retired secret', async (payload) => [payload, await sign(payload, 'whsec_retired')]],
    ['signed text that is not JSON', async () => ['not JSON', await sign('not JSON')]],
    ['signed JSON that is no event', async () => ['[1]', await sign('[1]')]],
    ['no body', async () => ['', await sign('')]],
    ['bytes that are no text', async (body) => [new Uint8Array([255, 254]), await sign(body)]],
  ])('refuses %s without a write or a call', async (_, spoil) => {
    const { payload } = await newCustomer('refused');
    const calls = world.stripe.requests.length;
    const response = await post(...(await spoil(payload)));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'webhook_refused' });
    expect(world.queries).toEqual([]);
    expect(world.stripe.requests).toHaveLength(calls);
  });

  it('accepts what is exactly five minutes off, either way, and nothing a second further', async () => {
    const { payload } = await newCustomer('in time');
    // Half a second into the second: its fraction belongs to neither side.
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_500 });
    const statuses: [offset: number, status: number][] = [];
    for (const offset of [-301, -300, -299, 299, 300, 301]) {
      const signature = await sign(payload, WEBHOOK_SECRET, now() + offset);
      statuses.push([offset, (await post(payload, signature)).status]);
    }
    expect(statuses).toEqual([
      [-301, 400],
      [-300, 200],
      [-299, 200],
      [299, 200],
      [300, 200],
      [301, 400],
    ]);
  });

  it('accepts several signatures and other schemes, in any order', async () => {
    const { payload } = await newCustomer('signed twice');
    const [time = '', right = ''] = (await sign(payload)).split(',');
    const wrong = `v1=${'0'.repeat(64)}`;
    for (const parts of [
      [right, time],
      [time, wrong, right],
      [time, right, wrong],
      [time, 'v0=abc', right],
      [time, right, 'v2=a+b/c-d_e'],
      [time, right, right],
    ]) {
      expect((await post(payload, parts.join(','))).status, parts.join()).toBe(200);
    }
  });

  it.each<[string, (time: string, signature: string) => string]>([
    ['two times beside each other', (t, v1) => `${t},${t},${v1}`],
    ['two times apart', (t, v1) => `${t},${v1},${t}`],
    ['a second time without a value', (t, v1) => `${t},${v1},t`],
    ['a second time that is empty', (t, v1) => `${t},${v1},t=`],
    ['a second time after a space', (t, v1) => `${t},${v1}, ${t}`],
    ['a second time in upper case', (t, v1) => `${t},${v1},${t.replace('t', 'T')}`],
    ['no time', (_t, v1) => v1],
    ['an empty time', (_t, v1) => `t=,${v1}`],
    ['a negative time', (t, v1) => `${t.replace('=', '=-')},${v1}`],
    ['a time with a plus', (t, v1) => `${t.replace('=', '=+')},${v1}`],
    ['a time with a fraction', (t, v1) => `${t}.5,${v1}`],
    ['a time in hexadecimal', (t, v1) => `t=0x${Number(t.slice(2)).toString(16)},${v1}`],
    ['a time with an exponent', (t, v1) => `${t}e0,${v1}`],
    ['a time with two values', (t, v1) => `${t}=1,${v1}`],
    ['a time with a leading zero', (t, v1) => `${t.replace('=', '=0')},${v1}`],
    ['a time beyond all numbers', (_t, v1) => `t=${'9'.repeat(400)},${v1}`],
    ['a time in milliseconds', (t, v1) => `${t}000,${v1}`],
    ['a space before the time', (t, v1) => `t= ${t.slice(2)},${v1}`],
    ['a space after the comma', (t, v1) => `${t}, ${v1}`],
    ['a tab after the comma', (t, v1) => `${t},\t${v1}`],
    ['a space before the equals sign', (t, v1) => `${t},${v1.replace('=', ' =')}`],
    ['a space behind the signature', (t, v1) => `${t},${v1} ,v0=1`],
    ['upper case names', (t, v1) => `T${t.slice(1)},V${v1.slice(1)}`],
    ['an upper case scheme', (t, v1) => `${t},V${v1.slice(1)}`],
    ['an upper case signature', (t, v1) => `${t},v1=${v1.slice(3).toUpperCase()}`],
    ['the scheme v0', (t, v1) => `${t},v0=${v1.slice(3)}`],
    ['the scheme v11', (t, v1) => `${t},v11=${v1.slice(3)}`],
    ['no scheme', (t, v1) => `${t},${v1.slice(3)}`],
    ['an empty scheme', (t, v1) => `${t},=${v1.slice(3)}`],
    ['no signature', (t) => t],
    ['an empty signature', (t) => `${t},v1=`],
    ['a signature without a value', (t) => `${t},v1`],
    ['a signature that is cut off', (t, v1) => `${t},${v1.slice(0, -1)}`],
    ['a signature that goes on', (t, v1) => `${t},${v1}0`],
    ['a signature in quotes', (t, v1) => `${t},v1="${v1.slice(3)}"`],
    ['an empty part at the beginning', (t, v1) => `,${t},${v1}`],
    ['an empty part in the middle', (t, v1) => `${t},,${v1}`],
    ['an empty part at the end', (t, v1) => `${t},${v1},`],
    ['semicolons', (t, v1) => `${t};${v1}`],
    ['another header joined to it', (t, v1) => `t=1,v1=${'0'.repeat(64)}, ${t},${v1}`],
    ['only commas', () => ',,,'],
  ])('refuses a header with %s', async (_what, spoil) => {
    const { payload } = await newCustomer('malformed');
    const [time = '', signature = ''] = (await sign(payload)).split(',');
    const calls = world.stripe.requests.length;
    const response = await post(payload, spoil(time, signature));
    expect(await response.json()).toMatchObject({ code: 'webhook_refused', status: 400 });
    expect(world.queries).toEqual([]);
    expect(world.stripe.requests).toHaveLength(calls);
  });

  it('refuses other bytes that decode to the text that was signed', async () => {
    const { event } = await newCustomer('bytes');
    // Signed with the character that decoders put in place of what they cannot read.
    const payload = JSON.stringify({ ...event, account: 'acct_\ufffd' });
    const signature = await sign(payload);
    const bytes = new TextEncoder().encode(payload);
    const at = bytes.findIndex((byte, i) => byte === 0xef && bytes[i + 1] === 0xbf);
    const replace = (...others: number[]) =>
      new Uint8Array([...bytes.slice(0, at), ...others, ...bytes.slice(at + 3)]);
    const calls = world.stripe.requests.length;
    for (const forged of [
      replace(0xff),
      replace(0xc3),
      new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]),
    ]) {
      const response = await post(forged, signature);
      expect(await response.json()).toMatchObject({ code: 'webhook_refused', status: 400 });
    }
    expect(world.queries).toEqual([]);
    expect(world.stripe.requests).toHaveLength(calls);
    expect((await post(bytes, signature)).status).toBe(200);
  });
});
