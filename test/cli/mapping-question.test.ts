import { expect, it } from 'vitest';
import { askHowCustomersAreKnown } from '../../src/cli/setup/interview/mapping.ts';
import { setUp } from './diagnose.ts';
import { scripted, type Script } from './scripted.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplaceWithD1();

/** Customers whose metadata are made from their number. */
async function customers(count: number, metadata: (index: number) => Record<string, string>) {
  for (let index = 0; index < count; index += 1) {
    await workplace.api.customers.create({ metadata: metadata(index) });
  }
}

async function ask(script: Script = [], variables: Record<string, string> = {}) {
  const { dialogue, asked, said } = scripted(script);
  const answers = await askHowCustomersAreKnown({
    dialogue,
    callStripe: async (call) => call(workplace.api),
    target: { variables } as never,
  });
  return { answers, asked, said: said.join('\n') };
}

it('proposes the key that is on nearly every customer, with another value on each', async () => {
  await customers(50, (index) => ({
    plan: 'pro',
    country: index % 2 === 0 ? 'de' : 'fr',
    ...(index > 0 && { userId: `u${index}` }),
    ...(index < 20 && { crm: `c${index}` }),
  }));
  const { answers, said } = await ask();
  expect(said).toContain('metadata.user_id is on 0% of the 50 newest customers.');
  expect(said).toContain('metadata.userId: on 98%');
  expect(said).not.toMatch(/metadata\.(?:plan|country):/);
  expect(said).not.toContain('u17');
  expect(answers).toEqual({ settings: { CUSTOMER_METADATA_KEY: 'userId' }, open: [] });
});

it('asks nothing where the key in use is on most customers', async () => {
  await customers(10, (index) => ({ user_id: `u${index}`, account: `a${index}` }));
  const { answers, asked } = await ask();
  expect(asked).toEqual([]);
  expect(answers).toEqual({ settings: {}, open: [] });
});

it.each<[string, string, object]>([
  ['email', 'by address', { settings: { LINK_BY_EMAIL: 'true' } }],
  ['import', 'from a file', { open: [expect.stringContaining('--import')] }],
  ['write', 'by what will be written', { open: [expect.stringContaining('metadata.user_id')] }],
])('takes %s for an answer', async (answer, _what, expected) => {
  await customers(3, () => ({}));
  expect((await ask([[/know their user/, answer]])).answers).toMatchObject(expected);
});

it('says what to write while Stripe has no customer', async () => {
  const { answers, asked } = await ask([], { CUSTOMER_METADATA_KEY: 'account_id' });
  expect(asked).toEqual([]);
  expect(answers.open.join()).toContain('metadata.account_id');
});

it('changes no mapping unasked: --yes names the key that looks right', async () => {
  await customers(10, (index) => ({ userId: `u${index}` }));
  fillIn(workplace);
  const printed = await setUp(workplace, {}, { STRIPE_SECRET_KEY: workplace.key });
  expect(printed).toContain('metadata.userId is on 100% and looks like an id');
  expect(workplace.localVariables()).not.toHaveProperty('CUSTOMER_METADATA_KEY');
});
