import { beforeEach, describe, expect, it } from 'vitest';
import { createOwing } from '../owing.ts';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, type Person } from '../world.ts';

const ALLOWED = 'https://app.example';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld({ ALLOWED_ORIGINS: ALLOWED });
  world.allowAllFlows();
  ada = await world.somebody();
});

async function subscribe(customer = ada.customer) {
  const { id, items } = await world.subscribe(customer);
  await world.sync(customer);
  return { id, item: items.data[0]!.id, price: items.data[0]!.price.id };
}

const sessions = () =>
  world.callsTo('/v1/billing_portal/sessions').map(({ parameters }) => parameters);

/** The page that a link leads to, and its forms: what each button would send. */
async function chooserOf(query: string, { browser }: Person = ada) {
  const { headers } = await world.visit(`/billing/manage?${query}`, { headers: browser });
  return formsAt(headers.get('location')!, browser);
}

async function formsAt(location: string, browser: Record<string, string>) {
  const response = await world.visit(location, { headers: browser });
  const page = await response.clone().text();
  const forms: Record<string, string>[] = [];
  const rewriter = new HTMLRewriter()
    .on('form[action="/billing/manage"]', { element: () => void forms.push({}) })
    .on('form[action="/billing/manage"] input', {
      element: (input) => {
        const unescape = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
        forms.at(-1)![input.getAttribute('name')!] = unescape(input.getAttribute('value')!);
      },
    });
  await rewriter.transform(response).text();
  return { location, page, forms };
}

const press = async (form: Record<string, string>, { browser }: Person = ada) =>
  world.visit('/billing/manage', {
    method: 'POST',
    headers: { ...PRESSED, cookie: browser.cookie },
    body: new URLSearchParams(form),
  });

describe('the page that asks which', () => {
  it.each(['due', 'not known'])(
    'has no “Pay now” where it asks about something else: %s',
    async (owed) => {
      const owing = createOwing(world);
      await owing.overdue(ada.customer);
      await owing.overdue(ada.customer);
      const success = owed === 'due';
      world.configure({ SESSION_LIMIT: { limit: async () => ({ success }) } });
      const { page } = await formsAt('/billing?flow=subscription_cancel', ada.browser);
      expect(page).toContain('>Choose<');
      expect(page).not.toContain('Pay now');
      expect(page).not.toContain('class="button"');
      const billing = await formsAt('/billing', ada.browser);
      expect(billing.page).toContain('Pay now');
    },
  );

  it('goes on with all that was asked for', async () => {
    const [, second] = [await subscribe(), await subscribe()];
    const query = `flow=subscription_update_confirm&price=${second.price}&quantity=2&return_to=/account&locale=de`;
    const { page, forms } = await chooserOf(query);
    expect(page).toContain('lang="de"');
    const chosen = forms.find(({ subscription }) => subscription === second.id)!;
    expect((await press(chosen)).status).toBe(303);
    expect(sessions()).toMatchObject([
      {
        customer: ada.customer,
        return_url: `${ORIGIN}/account`,
        locale: 'de',
        flow_data: {
          type: 'subscription_update_confirm',
          subscription_update_confirm: {
            subscription: second.id,
            items: [{ id: second.item, price: second.price, quantity: '2' }],
          },
        },
      },
    ]);
  });

  it.each(['flow=subscription_cancel', 'flow=payment_method_update', ''])(
    'goes back where it was asked to, whichever account and step it is: %j',
    async (flow) => {
      const agency = await world.somebody({ customers: 2 });
      for (const customer of agency.customers) await subscribe(customer);
      const { forms } = await chooserOf(`${flow}&return_to=/account`, agency);
      for (const form of forms) await press(form, agency);
      expect(forms.length).toBeGreaterThanOrEqual(2);
      expect(sessions().map((session) => session['return_url'])).toEqual(
        forms.map(() => `${ORIGIN}/account`),
      );
    },
  );

  it('hands a language on that only the portal speaks', async () => {
    await subscribe();
    await subscribe();
    const { page, forms } = await chooserOf('flow=subscription_cancel&locale=it');
    expect(page).toContain('lang="en"');
    await press(forms.at(-1)!);
    expect(sessions()).toMatchObject([{ locale: 'it' }]);
  });

  it('asks for a subscription of the account that was chosen already', async () => {
    const agency = await world.somebody({ customers: 2 });
    const [north = '', south = ''] = agency.customers;
    await subscribe(north);
    for (let count = 0; count < 2; count += 1) await subscribe(south);
    const { forms } = await chooserOf(`flow=subscription_cancel&customer=${south}`, agency);
    expect(new Set(forms.map(({ customer }) => customer))).toEqual(new Set([south]));
  });

  it('goes on with what a signed link says', async () => {
    for (let count = 0; count < 2; count += 1) await subscribe();
    const link = { sub: ada.subject, flow: 'subscription_cancel', return_to: `${ALLOWED}/after` };
    const response = await world.press(await signLink(link), {
      ...PRESSED,
      cookie: ada.browser.cookie,
    });
    const { forms } = await formsAt(response.headers.get('location')!, ada.browser);
    await press(forms.at(-1)!);
    expect(sessions()).toMatchObject([
      { return_url: `${ALLOWED}/after`, flow_data: { type: 'subscription_cancel' } },
    ]);
  });

  it('says so where the step is possible nowhere, and asks nothing', async () => {
    for (let count = 0; count < 2; count += 1) await subscribe();
    const { page } = await formsAt('/billing?flow=subscription_update_confirm', ada.browser);
    expect(page).toContain('That wasn’t possible just now');
    expect(page).not.toContain('Which subscription');
    expect(page).toContain('Manage subscription');
  });
});

describe('nothing in the address of that page is trusted', () => {
  it.each(['https://evil.example/', '//evil.example', 'javascript:alert(1)'])(
    'nobody is sent to %s',
    async (returnTo) => {
      for (let count = 0; count < 2; count += 1) await subscribe();
      const query = new URLSearchParams({ flow: 'subscription_cancel', return_to: returnTo });
      const { forms } = await chooserOf(query.toString());
      await press(forms.at(-1)!);
      expect(sessions()).toMatchObject([{ return_url: `${ORIGIN}/billing` }]);
    },
  );

  it('what is in it is escaped on the page', async () => {
    for (let count = 0; count < 2; count += 1) await subscribe();
    const returnTo = '/"><script>alert(1)</script>&amp;';
    const query = new URLSearchParams({ flow: 'subscription_cancel', return_to: returnTo });
    const { page } = await chooserOf(query.toString());
    expect(page).toContain('name="return_to"');
    expect(page).not.toContain('<script');
  });

  it('another’s customer shows nothing of theirs, and one’s own accounts stay', async () => {
    const other = await world.somebody();
    for (let count = 0; count < 2; count += 1) await subscribe();
    const address = `/billing?flow=subscription_cancel&customer=${other.customer}&subscription=sub_other`;
    const { page, forms } = await formsAt(address, ada.browser);
    expect(page).not.toContain(other.customer);
    expect(new Set(forms.map(({ customer }) => customer))).toEqual(new Set([ada.customer]));
  });
});
