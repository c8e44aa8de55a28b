import type { TomlTable } from 'smol-toml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/config-file/read.ts';
import { moveToJsonc, NOTE, runInJsonc } from './as-jsonc.ts';
import { openProduction, type Production } from './production.ts';
import { ADDRESS } from './workplace.ts';

let workplace: Production;
beforeEach(async () => {
  workplace = await openProduction();
});
afterEach(async () => workplace.close());

const convert: (change?: (config: TomlTable) => void) => void = (change) =>
  moveToJsonc(workplace, change);
const config = () => readConfig(workplace.directory);

const run = async (...given: Parameters<Production['run']>) => runInJsonc(workplace, ...given);

it('is set up, deployed and examined, and keeps its comments', async () => {
  convert(({ secrets }) => (secrets as { required: string[] }).required.push('LINK_SECRET'));
  const key = { STRIPE_SECRET_KEY: workplace.key };
  const setup = await run(['setup', '--remote', '--yes', '--url', ADDRESS], key);
  expect(setup.output).toContain('out of "secrets" required of wrangler.jsonc');
  expect(setup.output).toContain('Commit wrangler.jsonc and portal.toml.');
  expect(setup.status).toBe(0);
  expect(workplace.read('wrangler.jsonc')).toContain(NOTE);
  expect(config()).toMatchObject({
    secrets: { required: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'] },
    vars: { PUBLIC_ORIGIN: ADDRESS, PORTALS: workplace.setting('PORTALS') },
  });
  const again = await run(['setup', '--remote', '--yes', '--url', ADDRESS], key);
  expect(again.output).toContain('Nothing to change');
  expect(await run(['deploy'])).toMatchObject({ status: 0 });
  const doctor = await run(['doctor', '--remote', '--url', ADDRESS], key);
  expect(doctor.output).toMatch(/✓ Configuration/);
  expect(doctor.output).toMatch(/✓ Places of settings {8}All of them are in "vars"\./);
});

it('gets an environment, which the other commands find', async () => {
  convert();
  const setup = await run(['setup', '--env', 'staging', '--yes', '--url', ADDRESS], {
    STRIPE_SECRET_KEY: workplace.key,
  });
  expect(setup.output).toContain('Add env.staging to wrangler.jsonc');
  expect(setup.status).toBe(0);
  const { env, ...top } = config();
  const { staging } = env as Record<string, TomlTable>;
  expect(staging).toMatchObject({
    d1_databases: [{ binding: 'DB', database_name: 'portal-link-staging' }],
    vars: { PUBLIC_ORIGIN: ADDRESS },
  });
  expect(top).toMatchObject({ vars: { PUBLIC_ORIGIN: '' } });
  expect(await run(['deploy', '--env', 'staging'])).toMatchObject({ status: 0 });
  const other = await run(['deploy', '--env', 'preview']);
  expect(other.output).toContain('wrangler.jsonc has no env.preview.');
});
