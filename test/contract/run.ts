import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runByHand } from './by-hand.ts';
import { readSandbox } from './sandbox.ts';

type Entry = {
  note?: string;
  requests?: number;
  removed?: Record<string, number>;
  left?: string[];
};

const USAGE = `The contract suite makes customers, subscriptions and portal configurations in a Stripe
sandbox, and removes them afterwards. To run it:

  STRIPE_CONTRACT=1 npm run test:stripe    (with the key in STRIPE_SECRET_KEY)

Add STRIPE_CONTRACT_RECORD=1 to record the answers, and -- --by-hand for what needs a person.`;

process.exitCode = await main();

async function main(): Promise<number> {
  let sandbox;
  try {
    sandbox = readSandbox(process.env);
  } catch (error) {
    say(`✗ ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  if (!sandbox) {
    say(USAGE);
    return 2;
  }
  const { apiBase } = sandbox;
  say(`Stripe answers at ${apiBase?.origin ?? 'https://api.stripe.com'}: five requests a second.`);
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const report = join(folder, 'report');
  const status = await runSuite(report);
  sum(report, (Date.now() - began) / 1000);
  rmSync(folder, { recursive: true });
  const isByHand = process.argv.includes('--by-hand');
  return status === 0 && isByHand ? runByHand(sandbox, say) : status;
}

async function runSuite(report: string): Promise<number> {
  const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config], {
    env: { ...process.env, STRIPE_CONTRACT_REPORT: report },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return status ?? 1;
}

/** What was done, from what each file of the suite has reported. */
function sum(report: string, seconds: number): void {
  const entries = readEntries(report);
  const requests = entries.reduce((all, entry) => all + (entry.requests ?? 0), 0);
  const removed: Record<string, number> = {};
  for (const [what, count] of entries.flatMap((entry) => Object.entries(entry.removed ?? {}))) {
    removed[what] = (removed[what] ?? 0) + count;
  }
  const rate = (requests / seconds).toFixed(1);
  say(`\n${requests} requests in ${seconds.toFixed(0)} s, ${rate} a second.`);
  const objects = Object.entries(removed).map(([what, count]) => `${count} × ${what}`);
  say(`Made and removed: ${objects.join(', ') || 'nothing'}.`);
  for (const left of entries.flatMap((entry) => entry.left ?? [])) say(`✗ Not removed: ${left}`);
  for (const { note } of entries) if (note) say(`· ${note}`);
}

function readEntries(report: string): Entry[] {
  try {
    const lines = readFileSync(report, 'utf8').trim().split('\n');
    return lines.map((line): Entry => JSON.parse(line));
  } catch {
    // The suite ended before any file had begun.
    return [];
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
