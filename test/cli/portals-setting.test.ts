import { beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { createDialogue } from '../../src/cli/dialogue.ts';
import { failureMessage } from '../../src/cli/failure.ts';
import { setInConfigFile } from '../../src/cli/config-file/edit.ts';
import { toSetting } from '../../src/cli/portal/written.ts';
import { runSetup } from '../../src/cli/setup/index.ts';
import { settleEnvironment } from '../../src/cli/setup/environment.ts';
import type { SetupOptions } from '../../src/cli/setup/options.ts';
import { readTarget } from '../../src/cli/target.ts';
import { setUp } from './diagnose.ts';
import { scripted, type Script } from './scripted.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

const run = async (options?: SetupOptions) => setUp(workplace, options);
const lastWords = async () => run().then(() => 'all went well', failureMessage);
const portals = (): { name: string; id: string; coupon?: string }[] =>
  JSON.parse(workplace.localVariables()['PORTALS']!);
const configurations = () => [...workplace.stripe.state.configurations.values()];
const writes = (from = 0) =>
  workplace.stripe.requests.slice(from).filter(({ method }) => method !== 'GET');
const rewrite = (settings: Record<string, string>) => {
  const all = { ...workplace.localVariables(), ...settings };
  const lines = Object.entries(all).map(([name, value]) => `${name}='${value}'`);
  workplace.write('.dev.vars', `${lines.join('\n')}\n`);
};
const portal = (name: string, role = name) =>
  workplace.edit('portal.toml', { portals: { [name]: { rules: [{ roles: [role] }] } } });

describe('a deployment with PORTAL_CONFIGURATION', () => {
  /** As the release before wrote it. */
  const asBefore = async () => {
    await run();
    const { id } = portals()[0]!;
    rewrite({ PORTALS: '', PORTAL_CONFIGURATION: id });
    return id;
  };

  it('moves over to PORTALS with the portal that it has', async () => {
    const id = await asBefore();
    const calls = workplace.stripe.requests.length;
    expect(await run()).toContain(
      `Doing: Set PORTALS in .dev.vars (default ${id}), and empty PORTAL_CONFIGURATION`,
    );
    expect(writes(calls)).toEqual([]);
    expect(portals()).toMatchObject([{ name: 'default', id }]);
    expect(workplace.localVariables()).toMatchObject({ PORTAL_CONFIGURATION: '' });
    expect(await run()).toContain('Nothing to change');
  });

  it('gets its named portals at the same time', async () => {
    const id = await asBefore();
    portal('owner');
    await run();
    expect(portals()).toMatchObject([{ name: 'owner' }, { name: 'default', id }]);
  });

  it('keeps one that somebody else has made, and hears what that means', async () => {
    await run();
    const { id } = await workplace.api.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    rewrite({ PORTALS: '', PORTAL_CONFIGURATION: id });
    portal('owner');
    const calls = workplace.stripe.requests.length;
    const printed = await run();
    expect(printed).toContain(
      `PORTAL_CONFIGURATION names ${id}, which setup has not made for this Worker: it stays as it is. Everybody gets it, and nobody owner.`,
    );
    expect(writes(calls)).toEqual([]);
    expect(printed).not.toContain('Create the portal');
    expect(workplace.localVariables()).toMatchObject({ PORTALS: '', PORTAL_CONFIGURATION: id });
    rewrite({ PORTALS: JSON.stringify([{ name: 'default', id, features: [] }]) });
    expect(await run()).toContain('are both set in .dev.vars, and the Worker refuses that');
  });
});

describe('a configuration that the operator has put into PORTALS', () => {
  it.each(['default', 'owner'])('stays as it is, as the portal %s', async (name) => {
    portal('owner');
    await run();
    const { id } = await workplace.api.billingPortal.configurations.create({
      business_profile: { headline: 'Mine' },
      features: { invoice_history: { enabled: true } },
    });
    const written = portals().map((each) => (each.name === name ? { ...each, id } : each));
    rewrite({ PORTALS: JSON.stringify(written) });
    const calls = workplace.stripe.requests.length;
    expect(await run()).toContain(
      `PORTALS names ${id} as ${name}. Setup has not made it for this Worker: it stays as it is.`,
    );
    expect(writes(calls)).toEqual([]);
    const kept = portals().find((each) => each.name === name);
    expect(kept).toMatchObject({ id, features: ['invoice_history'] });
    expect(await run()).toContain('Nothing to change');
  });
});

describe('the setting PORTALS', () => {
  const given = {
    STRIPE_SECRET_KEY: 'rk_test_operator000000000000000',
    STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef0123',
    AUTH_JWT_SECRET: 'a secret of at least thirty-two characters',
  };

  it('is read by the Worker as it was written', async () => {
    portal('owner', "the boss's #1");
    await run();
    const parsed = parseConfig({ ...given, PORTALS: workplace.localVariables()['PORTALS'] });
    expect(parsed.kind === 'valid' && parsed.config.portals).toMatchObject({
      ruled: [{ name: 'owner', rules: [{ roles: ["the boss's #1"] }] }],
      fallback: { name: 'default', configuration: portals()[1]!.id },
    });
  });

  it('is a literal string in wrangler.toml, also of an environment', () => {
    const PORTALS = toSetting([
      { name: 'owner', id: 'bpc_1', features: [], rules: [{ roles: ["the boss's"] }] },
      { name: 'default', id: 'bpc_2', features: ['invoice_history'] },
    ]);
    workplace.write(
      'wrangler.toml',
      `[vars]\nA = "1"\nPORTALS = ""\n\n[env.b.vars]\nPORTALS = ""\n`,
    );
    setInConfigFile(workplace.directory, ['vars'], 'PORTALS', PORTALS);
    setInConfigFile(workplace.directory, ['env', 'b', 'vars'], 'PORTALS', PORTALS);
    const line = `PORTALS = '${PORTALS}'`;
    expect(workplace.read('wrangler.toml')).toBe(
      `[vars]\nA = "1"\n${line}\n\n[env.b.vars]\n${line}\n`,
    );
    expect(parseConfig({ ...given, PORTALS })).toMatchObject({ kind: 'valid' });
  });

  it('is not shared with an environment, like its portals', async () => {
    workplace.configure({ PORTALS: '[]', PUBLIC_ORIGIN: workplace.origin });
    const { shell } = workplace.createShell();
    const dialogue = createDialogue(shell, { yes: true, dryRun: false });
    await settleEnvironment(workplace.directory, 'staging', dialogue);
    const { variables } = readTarget(workplace.directory, {}, { env: 'staging' });
    expect(variables).toMatchObject({ PORTALS: '', PUBLIC_ORIGIN: '' });
  });

  it.each([
    ['JSON with a typo', '[{', /Wrong is the value \(/],
    ['no portal', '[]', /Wrong is the value \(there is no portal\)/],
    ['a portal without an id', '[{"name":"default"}]', /Wrong is 0\.id \(/],
  ])('is never replaced if it is %s', async (_what, PORTALS, wrong) => {
    await run();
    rewrite({ PORTALS });
    const before = workplace.localVariables();
    const calls = workplace.stripe.requests.length;
    const words = await lastWords();
    expect(words).toMatch(
      /^The setting PORTALS cannot be read\. To mend it, correct it, or put back/,
    );
    expect(words).toMatch(wrong);
    expect(workplace.stripe.requests.slice(calls)).toEqual([]);
    expect(workplace.localVariables()).toEqual(before);
  });

  it('is refused before anything is made if it is too large for Cloudflare', async () => {
    const prices = Array.from({ length: 200 }, (_, index) => `price_${index}_0123456789abcdefghi`);
    workplace.edit('portal.toml', { portals: { many: { rules: [{ prices: { test: prices } }] } } });
    expect(await lastWords()).toMatch(
      /PORTALS would have \d{4} bytes, and Cloudflare takes 5120\. Let rules name products/,
    );
    expect(writes()).toEqual([]);
  });
});

describe('a portal that portal.toml no longer has', () => {
  const removed = async () => {
    portal('owner');
    await run();
    const { id } = portals()[0]!;
    workplace.edit('portal.toml', { portals: { owner: null } });
    return id;
  };
  const isActive = (id: string) => workplace.stripe.state.configurations.get(id)!.active;
  const question = (id: string) =>
    `Deactivate the portal owner (${id}), which portal.toml no longer has (not while a deployed Worker still uses it)`;

  it('leaves the setting, and stays active at Stripe until somebody agrees', async () => {
    const id = await removed();
    const printed = await run();
    expect(printed).toContain(`Still active at Stripe: the portal owner (${id})`);
    expect(printed).not.toContain('Deactivate');
    expect(portals()).toMatchObject([{ name: 'default' }]);
    expect(isActive(id)).toBe(true);
    const calls = workplace.stripe.requests.length;
    expect(await run()).toContain('Nothing to change');
    expect(writes(calls)).toEqual([]);
  });

  it('is deactivated after the question, which Enter alone answers with no', async () => {
    const id = await removed();
    const { shell } = workplace.createShell();
    const answers: [Script, boolean][] = [
      [[], true],
      [[[/^Deactivate/, true]], false],
    ];
    for (const [script, active] of answers) {
      const { dialogue, asked } = scripted(script);
      await runSetup(shell, {}, dialogue);
      expect(asked).toContain(question(id));
      expect(isActive(id)).toBe(active);
    }
    expect(await run()).toContain('Nothing to change');
  });

  it('is named in a dry run', async () => {
    const id = await removed();
    expect(await run({ yes: false, dryRun: true })).toContain(`Would: ${question(id)}`);
    expect(isActive(id)).toBe(true);
  });

  it('is active again when the file has it again', async () => {
    const id = await removed();
    await run();
    await workplace.api.billingPortal.configurations.update(id, { active: false });
    portal('owner');
    expect(await run()).toContain('active: false → true');
    expect(portals()[0]).toMatchObject({ name: 'owner', id });
    expect(isActive(id)).toBe(true);
  });

  it('is noticed if it has another name now', async () => {
    const id = await removed();
    portal('boss');
    const printed = await run();
    expect(printed).toContain('Create the portal boss');
    expect(printed).toContain(`Still active at Stripe: the portal owner (${id})`);
    expect(portals()[0]!.id).not.toBe(id);
  });
});

describe('a retention coupon', () => {
  const offer = (id: string) =>
    workplace.edit('portal.toml', { retention_coupon: { test: id, live: 'LIVE' } });
  beforeEach(async () => {
    await workplace.api.coupons.create({ id: 'STAY', percent_off: 20, duration: 'once' });
    workplace.stripe.state.keys.get(workplace.key)!.permissions!.add('rak_coupon_read');
  });

  it('goes into PORTALS, for the default and for portals that have no other', async () => {
    offer('STAY');
    workplace.edit('portal.toml', {
      portals: {
        owner: { rules: [{ roles: ['owner'] }] },
        member: { retention_coupon: { test: '' }, rules: [{ roles: ['member'] }] },
      },
    });
    await run();
    expect(portals().map(({ name, coupon }) => [name, coupon])).toEqual([
      ['owner', 'STAY'],
      ['member', undefined],
      ['default', 'STAY'],
    ]);
    expect(await run()).toContain('Nothing to change');
  });

  it.each([
    [
      'is not there',
      'GONE',
      /retention_coupon GONE does not exist in this mode\. Name another for test mode/,
    ],
    ['is used up', 'STAY', /retention_coupon STAY can no longer be redeemed/],
  ])('is refused before anything is made if it %s', async (_what, id, message) => {
    workplace.stripe.state.coupons.get('STAY')!.valid = false;
    offer(id);
    expect(await lastWords()).toMatch(message);
    expect(configurations().filter(({ is_default }) => !is_default)).toEqual([]);
  });

  it('is not checked with a key that may not read coupons', async () => {
    workplace.stripe.state.keys.get(workplace.key)!.permissions!.delete('rak_coupon_read');
    offer('STAY');
    expect(await run()).toContain('whether STAY exists is not checked');
    expect(portals()).toMatchObject([{ coupon: 'STAY' }]);
  });
});
