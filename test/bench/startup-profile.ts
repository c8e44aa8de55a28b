import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { dryRun, type Name } from './build.ts';

const folder = '.wrangler/bench';
const uploadPath = (name: Name) => `${folder}/${name}.bundle`;

/** Writes what a deploy would send to Cloudflare. */
export async function upload(name: Name): Promise<void> {
  await dryRun(name, '--outfile', uploadPath(name));
}

/**
 * Milliseconds in which workerd makes an isolate, compiles the bundle and evaluates it.
 * https://developers.cloudflare.com/workers/wrangler/commands/#check-startup
 */
export async function startUnderWorkerd(name: Name): Promise<number> {
  const profilePath = `${folder}/${name}.cpuprofile`;
  await wrangler('check', 'startup', '--worker', uploadPath(name), '--outfile', profilePath);
  const profile: { startTime: number; endTime: number } = JSON.parse(
    await readFile(profilePath, 'utf8'),
  );
  return (profile.endTime - profile.startTime) / 1000;
}

async function wrangler(...parameters: string[]): Promise<void> {
  const path = 'node_modules/wrangler/bin/wrangler.js';
  await promisify(execFile)(process.execPath, [path, ...parameters]);
}
