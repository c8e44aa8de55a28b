import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, type Contract } from './open.ts';

let contract: Contract;
beforeAll(async () => {
  contract = await open();
});
afterAll(async () => contract.close());

describe('idempotency keys', () => {
  const metadata = { portal_link_contract: 'idempotency' };
  const make = async (key: string, name: string) => {
    const answer = await contract.raw(
      'POST',
      '/v1/customers',
      { name, metadata },
      { 'idempotency-key': key },
    );
    const { id } = answer.body;
    if (typeof id === 'string') {
      contract.things.remember('customer', async () => {
        const { stripe } = contract;
        if (!(await stripe.customers.retrieve(id)).deleted) await stripe.customers.del(id);
      });
    }
    return answer;
  };

  it('make one object of two calls, and say that the second was replayed', async () => {
    const key = crypto.randomUUID();
    const first = await make(key, 'Once');
    const second = await make(key, 'Once');
    expect(second.body['id']).toBe(first.body['id']);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('idempotency-key')).toBe(key);
    expect(second.headers.get('original-request')).toBe(first.headers.get('request-id'));
  });

  it('are refused for other parameters', async () => {
    const key = crypto.randomUUID();
    await make(key, 'Once');
    const { status, body } = await make(key, 'Twice');
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'idempotency_error' });
    expect(body.error!.message).toMatch(/can only be used with the same parameters/);
  });

  it('that are in use are refused or answered alike, and make one object', async () => {
    const key = crypto.randomUUID();
    if (contract.kind === 'stand-in') {
      const slow = { path: '/v1/customers', method: 'POST', delay: 200, afterEffect: true };
      await fetch(new URL('/control/faults', contract.apiBase), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(slow),
      });
    }
    const answers = await Promise.all([make(key, 'At once'), make(key, 'At once')]);
    const made = answers.filter(({ status }) => status === 200);
    expect(new Set(made.map(({ body }) => body['id'])).size).toBe(1);
    for (const { status, body } of answers.filter((each) => each.status !== 200)) {
      expect(status).toBe(409);
      expect(body.error).toMatchObject({ code: 'idempotency_key_in_use' });
    }
    contract.note(
      `two calls with one key at once: ${answers.map(({ status }) => status).join(', ')}`,
    );
  });
});
