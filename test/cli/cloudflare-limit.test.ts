import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { connectToCloudflare } from '../../src/cli/cloudflare/api.ts';
import { CloudflareAccount, createCloudflare } from '../cloudflare/index.ts';

const LIMIT = 1_200;
const FIVE_MINUTES = 300_000;

let account: CloudflareAccount;
let call: () => Promise<unknown>;
beforeEach(async () => {
  // Only the clock stands still, and goes on while the command waits.
  vi.useFakeTimers({ toFake: ['Date'] });
  account = new CloudflareAccount('Example Ltd');
  const cloudflare = createCloudflare([account]);
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) =>
    cloudflare.fetch(new Request(url, init)),
  );
  const { api } = await connectToCloudflare(
    {
      environment: { ...process.env, CLOUDFLARE_API_TOKEN: account.token },
      wrangler: async () => ({ status: 1, stdout: '', stderr: '' }),
      wait: async (milliseconds) => void vi.setSystemTime(Date.now() + milliseconds),
    },
    account.id,
  );
  call = async () => api('', v.object({ id: v.string() }));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('keeps below the 1,200 calls in five minutes after which Cloudflare refuses all', async () => {
  const began = Date.now();
  for (let count = 0; count < 3 * LIMIT; count += 1) await call();
  expect(account.refused).toBe(0);
  // No slower than it must be.
  expect(Date.now() - began).toBeLessThan(3.5 * FIVE_MINUTES);
});

it('goes on after the five minutes if others have used the limit up', async () => {
  for (let count = 0; count < LIMIT; count += 1) account.secondsToWait();
  const began = Date.now();
  expect(await call()).toEqual({ id: account.id });
  expect(account.refused).toBe(1);
  expect(Date.now() - began).toBeGreaterThanOrEqual(FIVE_MINUTES);
});
