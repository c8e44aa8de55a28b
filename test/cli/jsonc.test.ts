import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/config-file/read.ts';
import { diagnose } from './diagnose.ts';
import { openProduction, type Production } from './production.ts';
import { ADDRESS } from './workplace.ts';

let workplace: Production;
beforeEach(async () => {
  workplace = await openProduction();
});
afterEach(async () => workplace.close());

const path = (name: string) => join(workplace.directory, name);
const NOTE = '  // Ours: keep it.\n';

/** The same settings in wrangler.jsonc, with a comment in it. */
function convert(change: (config: TomlTable) => void = () => {}): void {
  const config = parse(workplace.read('wrangler.toml'));
  change(config);
  rmSync(path('wrangler.toml'));
  workplace.write(
    'wrangler.jsonc',
    JSON.stringify(config, undefined, 2).replace('{\n', `{\n${NOTE}`),
  );
}
const config = () => readConfig(workplace.directory);

/** What a command prints, which never names a file that is not there. */
async function run(...given: Parameters<Production['run']>) {
  const done = await workplace.run(...given);
  expect(done.output).not.toMatch(/wrangler\.toml|\[(?:vars|secrets|triggers|env\.)|\[\[/);
  return done;
}

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

describe('the configuration in wrangler.jsonc', () => {
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

  it('is not deployed past the settings of env.production', async () => {
    convert((given) => (given['env'] = { production: { vars: { BRAND_NAME: 'Shop' } } }));
    const { status, output } = await run(['deploy']);
    expect(status).toBe(2);
    expect(output).toMatch(/wrangler\.jsonc has settings in env\.production .*: vars\.BRAND_NAME/);
  });

  it('is examined for settings in another table, and for limits that count together', async () => {
    convert((given) => {
      const [limit, other] = given['ratelimits'] as TomlTable[];
      limit!['namespace_id'] = other!['namespace_id']!;
      given['env'] = { b: { ratelimits: [other!], BRAND_NAME: 'Shop' } };
    });
    const { checks } = await diagnose(workplace, { remote: false });
    const finding = (name: string) => checks.find(({ check }) => check === name);
    expect(finding('settings_placement')).toMatchObject({
      found: expect.stringContaining('BRAND_NAME is in env.b'),
      next: 'Move it into "vars" of wrangler.jsonc, or into env.NAME.vars.',
    });
    expect(finding('rate_limit_counters')).toMatchObject({
      found: expect.stringContaining('env.b'),
      next: expect.stringMatching(/Give each of the "ratelimits" .* in wrangler\.jsonc/),
    });
  });

  it('is refused beside another one, which Wrangler would read or pass over', async () => {
    const text = workplace.read('wrangler.toml');
    convert();
    workplace.write('wrangler.toml', text);
    for (const command of [['doctor'], ['deploy'], ['setup', '--yes']]) {
      const { status, output } = await workplace.run(command);
      expect(status).toBe(2);
      expect(output).toMatch(
        /wrangler\.jsonc and wrangler\.toml are both in .* reads wrangler\.jsonc only/,
      );
    }
    renameSync(path('wrangler.toml'), path('wrangler.json'));
    expect((await workplace.run(['deploy'])).output).toContain('Wrangler reads wrangler.json only');
  });

  it('is named with line and column if it cannot be read', async () => {
    convert();
    workplace.write('wrangler.jsonc', workplace.read('wrangler.jsonc').replace('",\n', '"\n'));
    for (const command of [['doctor'], ['deploy'], ['setup', '--yes']]) {
      const { status, output } = await run(command);
      expect(status).toBe(2);
      expect(output).toMatch(/wrangler\.jsonc cannot be read\. line 4, column 3: .*a comma/);
    }
  });
});

it('says that there is none in either format', async () => {
  rmSync(path('wrangler.toml'));
  const { output } = await workplace.run(['doctor']);
  expect(output).toContain('There is no wrangler.toml or wrangler.jsonc here.');
});
