import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TomlTable } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveToJsonc, runInJsonc } from './as-jsonc.ts';
import { diagnose } from './diagnose.ts';
import { openProduction, type Production } from './production.ts';

let workplace: Production;
beforeEach(async () => {
  workplace = await openProduction();
});
afterEach(async () => workplace.close());

const path = (name: string) => join(workplace.directory, name);
const convert: (change?: (config: TomlTable) => void) => void = (change) =>
  moveToJsonc(workplace, change);

const run = async (...given: Parameters<Production['run']>) => runInJsonc(workplace, ...given);

describe('the configuration in wrangler.jsonc', () => {
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

  it('is shown what it lacks as JSON', async () => {
    convert((given) => {
      delete given['secrets'];
      const limits = given['ratelimits'] as { name: string; simple: object }[];
      limits.find(({ name }) => name === 'WEBHOOK_LIMIT')!.simple = { limit: 100, period: 60 };
    });
    const { checks } = await diagnose(workplace, { remote: false });
    const next = (name: string) => checks.find(({ check }) => check === name)?.next;
    expect(next('worker_config')).toMatch(
      /^Add "secrets" with "required": \["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"\]\./,
    );
    expect(next('rate_limits')).toContain('Write "limit": 2 into "simple" of WEBHOOK_LIMIT');
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

  it('is the one of an environment that was named without its option', async () => {
    convert();
    const { status, output } = await run(['deploy', 'staging']);
    expect(status).toBe(2);
    expect(output).toContain('For that environment: `npm run deploy -- --env staging`');
  });

  it.each(['secrets', 'd1_databases', 'main'])(
    'is named without the secret that stands in place of %s',
    async (name) => {
      convert((given) => (given[name] = ['sk_live_51Habcdefgh']));
      const { status, output } = await run(['deploy']);
      expect(status).toBe(2);
      expect(output).toContain(`"${name}`);
      expect(output).not.toContain('sk_live');
    },
  );

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
