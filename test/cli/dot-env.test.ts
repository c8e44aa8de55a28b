import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatOf } from '../../src/cli/config-file/formats.ts';
import { linesByHand } from '../../src/cli/init/by-hand.ts';
import { diagnose } from './diagnose.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillIn, fillInWithKey } from './workplace.ts';

useWorkplace(fillIn);

/** Setup with the key in the environment, and whether it wrote .dev.vars. */
async function setUp(given: Record<string, string> = {}, how = '--yes') {
  const { status, output } = await workplace.run(['setup', how], {
    STRIPE_SECRET_KEY: workplace.key,
    ...given,
  });
  return { status, output, isWritten: existsSync(join(workplace.directory, '.dev.vars')) };
}

describe('secrets that `wrangler dev` reads from .env', () => {
  it('are not hidden by a first .dev.vars', async () => {
    workplace.write('.env', 'STRIPE_WEBHOOK_SECRET=whsec_1\nLINK_SECRET=2\n');
    workplace.write('.env.local', 'AUTH_COOKIE=other\n');
    const { status, output, isWritten } = await setUp();
    expect(status).toBe(2);
    expect(output).toMatch(
      /would lose STRIPE_WEBHOOK_SECRET, AUTH_COOKIE\. .* Nothing was changed\./,
    );
    expect(isWritten).toBe(false);
    expect(workplace.stripe.requests).toEqual([]);
  });

  it('are all that there are, where the configuration has no list', async () => {
    workplace.edit('wrangler.toml', { secrets: null });
    workplace.write('.env', 'BETTER_AUTH_SECRET=1\nCLOUDFLARE_API_TOKEN=t\n');
    expect(await setUp()).toMatchObject({
      status: 2,
      output: expect.stringContaining('would lose BETTER_AUTH_SECRET. '),
    });
  });

  it.each<[string, string, Record<string, string>]>([
    ['the Worker is not given', 'VITE_TITLE=Shop\nCLOUDFLARE_ENV=\n', {}],
    [
      'wrangler is told to pass over',
      'AUTH_COOKIE=1',
      { CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: 'false' },
    ],
    ['a bundler puts into pages', 'PUBLIC_TITLE=Shop\nNEXT_PUBLIC_A=1\n', {}],
    ['.env says so', 'AUTH_COOKIE=1\nCLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=FALSE\n', {}],
  ])('do not stop setup if %s', async (_what, text, given) => {
    workplace.write('.env', text);
    const { status, output } = await setUp(given, '--dry-run');
    expect(status).toBe(0);
    expect(output).toContain('Would: Store STRIPE_SECRET_KEY, a test key, in .dev.vars');
  });

  it('are named by doctor, once .dev.vars hides them', async () => {
    fillInWithKey(workplace);
    workplace.write('.env', 'STRIPE_SECRET_KEY=rk_test_0\nSTRIPE_WEBHOOK_SECRET=w\nVITE_A=1\n');
    const { checks } = await diagnose(workplace);
    expect(checks.find(({ check }) => check === 'local_variables')).toMatchObject({
      outcome: 'warning',
      found: 'wrangler passes over STRIPE_WEBHOOK_SECRET in .env, since there is .dev.vars.',
    });
  });

  it('are on the list that `init` proposes, unless .dev.vars hides them', () => {
    const lines = () =>
      linesByHand(workplace.directory, formatOf('wrangler.jsonc'), {}, {}, true).join('\n');
    workplace.write('.env', 'BETTER_AUTH_SECRET=1\nCLOUDFLARE_API_TOKEN=t\n');
    expect(lines()).toContain('"required": ["BETTER_AUTH_SECRET"]');
    workplace.write('.dev.vars', 'AUTH_JWT_SECRET=1\n');
    expect(lines()).toContain('"required": ["AUTH_JWT_SECRET"]');
  });
});
