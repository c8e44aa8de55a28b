import { exports } from 'cloudflare:workers';
import { vi } from 'vitest';
import worker from '../src/index.ts';

/**
 * Answers in a request of its own, as the runtime does: what has not ended with the answer is
 * stopped, unless `waitUntil` has it. All else that a test does belongs to one long request.
 */
export async function inOwnRequest(answer: () => Promise<Response>): Promise<Response> {
  vi.spyOn(worker, 'fetch').mockImplementationOnce(answer);
  return exports['default'].fetch(new Request('https://shop.example', { redirect: 'manual' }));
}
