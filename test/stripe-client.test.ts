import { expect, it } from 'vitest';
import { withoutCallSite } from '../src/stripe/client.ts';

it('leaves out the stack trace of where a call begins, and no other', async () => {
  const limit = Error.stackTraceLimit;
  const frames = (error: Error) => error.stack?.split('\n').length ?? 0;
  const [begun, later] = await withoutCallSite(async () => {
    const first = new Error('begins');
    await Promise.resolve();
    return [first, new Error('goes on')] as const;
  });
  expect(frames(begun)).toBe(1);
  expect(frames(later)).toBeGreaterThan(1);
  expect(() =>
    withoutCallSite(() => {
      throw new Error('at once');
    }),
  ).toThrow('at once');
  expect(Error.stackTraceLimit).toBe(limit);
});
