import { expect } from 'vitest';
import { ISSUER, ORIGIN } from '../world.ts';
import { intruders } from './intruders.ts';

/** What must hold of every answer, whatever was sent. */
export async function expectSound(response: Response): Promise<void> {
  expect(response.status, 'a 5xx that is no named outage').toBeLessThan(500);
  const location = response.headers.get('location');
  if (location !== null) {
    const { origin } = new URL(location, ORIGIN);
    expect([ORIGIN, ISSUER, 'https://billing.stripe.com']).toContain(origin);
  }
  expect(response.headers.get('set-cookie') ?? '').not.toMatch(/evil/);
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) await response.json();
  if (type.includes('html')) expect(await intruders(response), 'reflected unescaped').toEqual([]);
}
