import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureMessage } from '../../src/cli/failure.ts';
import { readPortalFile } from '../../src/cli/portal/file.ts';
import { plannedPortals, withoutRule } from '../../src/cli/portal/planned.ts';
import { PortalSettings } from '../../src/cli/portal/settings.ts';

const SHIPPED = readFileSync('test/as-it-comes/portal.toml', 'utf8');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portal-file-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = (text: string) => {
  writeFileSync(join(directory, 'portal.toml'), text);
  return readPortalFile(directory)!;
};
const withAddition = (addition: string) => read(`${SHIPPED}\n${addition}\n`);

/** The names of all fields in a table of the file, with those of the tables in it. */
function namesIn(schema: object): string[] {
  const { entries, item, wrapped } = schema as Record<string, object | undefined>;
  if (entries) return Object.entries(entries).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
  const inner = item ?? wrapped;
  return inner ? namesIn(inner) : [];
}

describe('portal.toml as it comes', () => {
  it('has one portal, which is for everybody', () => {
    const file = read(SHIPPED);
    expect(file.named).toEqual([]);
    expect(plannedPortals(file, 'test')).toMatchObject([{ name: 'default', rules: [] }]);
  });

  it('speaks of every field', () => {
    const names = namesIn(PortalSettings);
    expect(names).toContain('trial_update_behavior');
    expect(names.filter((name) => !SHIPPED.includes(name))).toEqual([]);
  });

  it('has examples that work', () => {
    const lines = SHIPPED.split('\n');
    const from = lines.findIndex((line) => line.startsWith('# [portals.upgrade-only]'));
    const examples = lines
      .slice(from)
      .map((line) => line.replace(/^# ?/, '').replaceAll('…', '1'))
      .filter((line) => !/^[A-Z]/.test(line));
    const file = withAddition(examples.join('\n'));
    expect(file.named.map(({ name }) => name)).toEqual(['upgrade-only', 'members']);
    expect(plannedPortals(file, 'live').map(({ rules }) => rules)).toEqual([
      [{ products: ['prod_1'] }],
      [{ roles: ['member'] }],
      [],
    ]);
  });
});

it('takes the example in src/portal/README.md', () => {
  const [, example] =
    /```toml\n([^]*?)```/.exec(readFileSync('src/portal/README.md', 'utf8')) ?? [];
  const planned = plannedPortals(withAddition(example!), 'test');
  expect(planned.map(({ name, rules }) => [name, rules])).toEqual([
    ['upgrade-only', [{ products: ['prod_small'] }]],
    ['seats', [{ products: ['prod_team'], roles: ['owner'] }]],
    ['members', [{ roles: ['member'] }]],
    ['default', []],
  ]);
});

describe('a named portal', () => {
  it('starts from the default, and says what differs', () => {
    const file = withAddition(`
      [portals.seats]
      features.subscription_update.enabled = true
      features.customer_update.allowed_updates = ["email"]
      products.test = [{ product = "prod_1", prices = ["price_1"] }]
      [[portals.seats.rules]]
      roles = ["owner"]`);
    const { settings } = file.named[0]!;
    const { features, business_profile } = file.fallback.settings;
    expect(settings).toMatchObject({
      business_profile,
      products: { test: [{ product: 'prod_1', prices: ['price_1'] }], live: [] },
    });
    expect(settings.features).toEqual({
      ...features,
      subscription_update: { ...features.subscription_update, enabled: true },
      customer_update: { enabled: true, allowed_updates: ['email'] },
    });
  });

  it('is tried in the order of the file', () => {
    const portal = (name: string) => `[portals.${name}]\n[[portals.${name}.rules]]\nroles = ["a"]`;
    const file = withAddition(['b', 'z', 'a'].map(portal).join('\n'));
    expect(plannedPortals(file, 'test').map(({ name }) => name)).toEqual([
      'b',
      'z',
      'a',
      'default',
    ]);
  });

  it('has a rule only in the modes for which it names ids', () => {
    const file = withAddition(`
      [portals.old]
      retention_coupon = { test = "T10", live = "L10" }
      [[portals.old.rules]]
      products.live = ["prod_live"]
      [[portals.old.rules]]
      prices.live = ["price_live"]
      roles = ["owner"]
      [portals.both]
      [[portals.both.rules]]
      products = { test = ["prod_test"], live = ["prod_live"] }`);
    expect(plannedPortals(file, 'test').map(({ name }) => name)).toEqual(['both', 'default']);
    expect(withoutRule(file, 'test')).toEqual(['old']);
    expect(withoutRule(file, 'live')).toEqual([]);
    expect(plannedPortals(file, 'live')[0]).toMatchObject({
      coupon: 'L10',
      rules: [{ products: ['prod_live'] }, { prices: ['price_live'], roles: ['owner'] }],
    });
  });
});

describe('says what is wrong, and how to mend it', () => {
  const rules = '[[portals.a.rules]]\nroles = ["owner"]';
  const quantity = (more: string) =>
    `[portals.a.products]\ntest = [{ product = "p", prices = ["x"], adjustable_quantity = { enabled = true, ${more} } }]\n${rules}`;
  const update = (line: string) => `[portals.a.features.subscription_update]\n${line}\n${rules}`;
  const pause = (line: string) =>
    `[portals.a.features.subscription_pause.duration]\n${line}\n${rules}`;

  it.each<[what: string, addition: string, message: string]>([
    [
      'an unknown feature',
      '[features.teleport]',
      'features.teleport: there is no such field; use payment_method_update, invoice_history',
    ],
    [
      'an unknown field',
      update('speed = 1'),
      'portals.a.features.subscription_update.speed: there is no such field; use enabled, ',
    ],
    [
      'a wrong value',
      update('billing_cycle_anchor = "later"'),
      'billing_cycle_anchor: use one of "now", "unchanged"',
    ],
    [
      'a text for a switch',
      update('enabled = "yes"'),
      'subscription_update.enabled: write true or false',
    ],
    [
      'a value for a list',
      update('default_allowed_updates = "price"'),
      'default_allowed_updates: write a list: […]',
    ],
    ['a value for a table', '[portals.a]\nfeatures = true', 'portals.a.features: write a table'],
    [
      'a minimum above the maximum',
      quantity('minimum = 50, maximum = 2'),
      'portals.a.products.test.0.adjustable_quantity.minimum: it is above the maximum',
    ],
    [
      'half a seat',
      quantity('minimum = 1.5'),
      'adjustable_quantity.minimum: write a whole number from 0 on',
    ],
    [
      'a plan without a price',
      `[portals.a.products]\nlive = [{ product = "p", prices = [] }]\n${rules}`,
      'products.live.0.prices: name at least one price',
    ],
    [
      'a plan without a product',
      `[portals.a.products]\nlive = [{ prices = ["x"] }]\n${rules}`,
      'products.live.0.product: it is missing',
    ],
    [
      'a product twice',
      `[portals.a.products]\nlive = [{ product = "p", prices = ["x"] }, { product = "p", prices = ["y"] }]\n${rules}`,
      'products.live: a product is listed twice',
    ],
    [
      'eleven products',
      `[portals.a.products]\nlive = [${Array.from({ length: 11 }, (_, n) => `{ product = "p${n}", prices = ["x"] }`).join(', ')}]\n${rules}`,
      'products.live: Stripe takes ten products at most',
    ],
    [
      'a pause without an end',
      pause('type = "interval_options"'),
      'duration.interval_options: list at least one, or set type = "indefinite"',
    ],
    [
      'a pause of four years',
      pause(
        'type = "interval_options"\ninterval_options = [{ interval = "month", interval_count = 48 }]',
      ),
      'interval_options.0: a pause lasts three years at most',
    ],
    [
      'means of payment without an id',
      `[portals.a.features.payment_method_update]\npayment_method_configuration = "cards"\n${rules}`,
      'payment_method_configuration: give an id (pmc_…), or "" for the default',
    ],
    [
      'a mark of setup',
      '[metadata]\nportal_link_key = "x"',
      'metadata.portal_link_key: setup itself writes the keys portal_link…',
    ],
    [
      'a coupon for both modes',
      '[portals.a]\nretention_coupon = "SAVE"',
      'portals.a.retention_coupon: write a table',
    ],
    [
      'a page without https',
      '[portals.a]\ndefault_return_url = "http://a.example"',
      'default_return_url: give an https address, or "" for none',
    ],
    [
      'two portals with one name',
      '[portals.a]\n[portals.b]\n[portals.a]',
      'there are two portals called a. Give one of them another name.',
    ],
    ['a portal that is none', '[portals]\na = 1', 'portals.a: write a table: [portals.a]'],
    [
      'a list of portals',
      '[[portals]]\nname = "a"',
      'portals: write each as a table: [portals.NAME]',
    ],
    [
      'a portal with the name of the default',
      '[portals.default]',
      'portals.default: write the default portal at the top level',
    ],
    ['a portal with a number for a name', '[portals.1]', 'portals.1: use a letter first'],
    ['a portal without rules', '[portals.a]', 'portals.a.rules: a rule names who it is for'],
    [
      'a rule that names nothing',
      '[[portals.a.rules]]',
      'portals.a.rules.0: a rule names who it is for: give it roles, products or prices',
    ],
    [
      'a rule with an empty list',
      '[[portals.a.rules]]\nroles = []',
      'portals.a.rules.0.roles: it names nothing',
    ],
    [
      'a rule with products of no mode',
      '[[portals.a.rules]]\nproducts = {}',
      'portals.a.rules.0: a rule names who it is for',
    ],
    [
      'a rule with products for both modes',
      '[[portals.a.rules]]\nproducts = ["prod_1"]',
      'portals.a.rules.0.products.0: there is no such field; use test, live',
    ],
    [
      'a rule with an id from the example',
      '[[portals.a.rules]]\nproducts.test = ["prod_…"]',
      'portals.a.rules.0.products.test.0: give an id of Stripe',
    ],
    [
      'a rule for e-mail addresses',
      '[[portals.a.rules]]\nemails = ["a"]',
      'portals.a.rules.0.emails: there is no such field; use roles, products, prices',
    ],
  ])('%s', (_what, addition, message) => {
    expect(() => withAddition(addition)).toThrow();
    try {
      withAddition(addition);
    } catch (error) {
      expect(failureMessage(error)).toContain(message);
    }
  });

  it('and says it once, where the default is wrong', () => {
    const text = `${SHIPPED.replace('mode = "at_period_end"', 'mode = "soon"')}\n[portals.a]\n${rules}`;
    expect(() => read(text)).toThrow(/^portal.toml cannot be used. features\S+mode: [^;]+$/);
  });
});
