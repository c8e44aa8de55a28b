import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { languageOf } from '../../../src/pages/locale.ts';
import { TRIES } from '../site.ts';
import { startDemo, type Demo } from './demo.ts';
import type { Driver } from './driver.ts';
import { engines, isLeftOut } from './engines.ts';

const en = await languageOf('en');

const PATIENCE = { timeout: 15_000 };

let demo: Demo;
let browser: Driver;

beforeAll(async () => {
  demo = await startDemo();
});

afterAll(async () => demo?.stop());

const reads = async (text: string) =>
  expect.poll(async () => browser.text(), PATIENCE).toContain(text);

const arrivesAt = async (beginning: string) =>
  expect
    .poll(async () => (await browser.address()).slice(0, beginning.length), PATIENCE)
    .toBe(beginning);

const arrivesInPortal = async () => arrivesAt(`${demo.standInOrigin}/p/session/`);

const manage = async () => {
  await browser.click(en.manage);
  await arrivesInPortal();
};

const comeBack = async () => {
  await browser.click(`← Return to ${new URL(demo.origin).host}`);
  await arrivesAt(`${demo.origin}/billing`);
};

const signIn = async (account: string) => {
  await browser.open(`${demo.origin}/billing`);
  await browser.click(en.signIn);
  await browser.click(`Sign in as ${account}`);
  await arrivesAt(`${demo.origin}/billing`);
};

/** D1 learns of customers when they are first seen. */
const beKnown = async (account: string) => {
  await signIn(account);
  await browser.click(en.signOut);
  await reads(en.signInFirst);
};

/** Whether the page asks for a tick, as it does where the browser does not tell who pressed. */
const asksForTick = async () => (await browser.text()).includes(en.link.openedMyself);

for (const engine of engines) {
  // On a very busy machine, WebKitWebDriver 2.50 may never answer. A new try has a new browser.
  const options = { timeout: 60_000, retry: engine.name === 'WebKit' ? 2 : 0 };
  describe.skipIf(isLeftOut(engine))(`in ${engine.name}, a visitor`, options, () => {
    beforeAll(async () => {
      browser = await engine.start();
    });

    afterAll(async () => browser?.stop());

    beforeEach(async () => browser.begin());

    it('signs in, manages, comes back, reloads and signs out', async () => {
      await signIn('subscriber');
      await reads('Ada Lovelace');
      await manage();
      await comeBack();
      await browser.reload();
      await reads('Ada Lovelace');
      await browser.click(en.signOut);
      await reads(en.signInFirst);
    });

    it('sends a form again by a reload, after an outage', async () => {
      await signIn('subscriber');
      const path = '/v1/billing_portal/sessions';
      demo.standIn.faults.order({ path, status: 429, times: TRIES });
      await browser.click(en.manage);
      await reads(en.faults.tryAgain.title);
      await browser.reload();
      await arrivesInPortal();
    });

    it('gets a new session after going back', async () => {
      await signIn('subscriber');
      await browser.open(`${demo.origin}/billing`);
      await manage();
      const first = await browser.address();
      await browser.back();
      await arrivesAt(`${demo.origin}/billing`);
      await manage();
      expect(await browser.address()).not.toBe(first);
    });

    it('chooses one of several accounts', async () => {
      await signIn('agency');
      await browser.click(`${en.manage}: Client South`);
      await arrivesInPortal();
      await reads('client.south@example.com');
    });

    it('follows a link of another site', async () => {
      await signIn('subscriber');
      await browser.open(demo.otherOrigin);
      await browser.click('Manage subscription');
      await arrivesInPortal();
    });

    it('signs in by e-mail, and arrives at what they came for', async () => {
      await beKnown('subscriber');
      await browser.open(`${demo.origin}/billing?flow=payment_method_update`);
      await browser.click(en.emailSignIn.title);
      await browser.fill(en.emailSignIn.address, 'ada.lovelace@example.com');
      const mail = await demo.mailSentBy(async () => browser.click(en.emailSignIn.send));
      await reads(en.emailSignIn.sentTitle);
      await browser.open(/http\S+token=\S+/.exec(mail)?.[0] ?? '');
      if (await asksForTick()) await browser.click(en.link.openedMyself);
      await browser.click(en.actions.updateMethod);
      await arrivesInPortal();
      await reads('Add a payment method');
    });

    it('opens a signed link by a click, and is recognised afterwards', async () => {
      await browser.open(await demo.signLink({ subject: 'subscriber' }));
      if (await asksForTick()) await browser.click(en.link.openedMyself);
      await manage();
      await comeBack();
      await reads('Ada Lovelace');
    });

    it('opens a signed link by the keyboard', async () => {
      await browser.open(await demo.signLink({ subject: 'subscriber' }));
      if (await asksForTick()) await browser.press(en.link.openedMyself, 'Space');
      await browser.press(en.manage, 'Enter');
      await arrivesInPortal();
    });

    it('chooses by a signed link for several accounts', async () => {
      await beKnown('agency');
      await browser.open(await demo.signLink({ customers: demo.agency }));
      await browser.click(`${en.actions.choose}: Client South`);
      await expect.poll(async () => browser.address(), PATIENCE).not.toContain('token=');
      await expect.poll(async () => browser.text(), PATIENCE).toMatch(/client.south/i);
      if (await asksForTick()) {
        // The page is the answer to a form. Loading it again asks again.
        await browser.reload();
        await reads(en.link.openedMyself);
        await browser.click(en.link.openedMyself);
        await browser.click(`${en.actions.choose}: Client South`);
      }
      await arrivesInPortal();
      await reads('client.south@example.com');
    });

    it.each([
      "document.querySelector('form').submit()",
      "document.querySelector('form').requestSubmit(document.querySelector('button'))",
      "document.querySelector('button').click()",
      "document.querySelector('form').noValidate = true; document.querySelector('button').click()",
    ])('is not who a script passes for: %s', async (script) => {
      const before = demo.sessionsMade();
      await browser.openWithScript(await demo.signLink({ subject: 'subscriber' }), script);
      // A form that the box keeps back leaves nothing to wait for. The others get an answer.
      if (engine.name === 'WebKit') await setTimeout(1_000);
      const answer = new RegExp(`${en.faults.pressButton.title}|${en.link.openedMyself}`);
      await expect.poll(async () => browser.text(), PATIENCE).toMatch(answer);
      expect(demo.sessionsMade()).toBe(before);
      await browser.open(`${demo.origin}/billing`);
      await reads(en.signInFirst);
    });

    it('ends in the portal by a double click', async () => {
      await signIn('subscriber');
      await browser.click(en.manage, 2);
      await arrivesInPortal();
      await reads('ada.lovelace@example.com');
    });
  });
}
