// Runs before each test file. The files share a worker, its modules and its D1.
import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, inject, vi } from 'vitest';
import { emptyTables } from './database.ts';
import { installLocations } from './location.ts';
import { takeLeaks } from './log.ts';
import { installOutside } from './outside.ts';
import { quickenStripe } from './quick-stripe.ts';
import { takeScenarios } from './releases/scenarios.ts';
import { createTables } from './tables.ts';

declare module 'vitest' {
  /** What vitest.config.ts provides. */
  interface ProvidedContext {
    /** Set for `npm run test:soak`. */
    soak: boolean;
    /** Of all random cases. `SEED=… npm run test:soak` plays a run again. */
    seed: number;
    /** How many random histories are played. */
    histories: number;
    /** How many random inputs each property is tried with. */
    fuzzCases: number;
  }
}

await createTables();
installOutside();
installLocations();
quickenStripe();
fc.configureGlobal({ seed: inject('seed') });

beforeAll(async () => emptyTables(env.DB));

afterEach(() => {
  vi.useRealTimers();
  expect(takeLeaks()).toEqual([]);
});

afterAll(async () => {
  const scenarios = takeScenarios();
  if (scenarios.length === 0) return;
  const body = JSON.stringify(scenarios);
  const answer = await env.SCRIBE.fetch('http://scribe/', { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
});
