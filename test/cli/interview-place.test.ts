import { describe, expect, it } from 'vitest';
import { interview } from '../../src/cli/setup/interview/index.ts';
import { scripted, type Script } from './scripted.ts';
import { SITE, WORKER, ask, internet, issuer, target, useInternet } from './interview-world.ts';

useInternet();

describe('the place', () => {
  const offered = async (cookie: boolean) => {
    const way = cookie ? 'shared_secret' : 'links';
    const { said } = await ask([
      [/How do people sign in/, way],
      [/secret that your site/, 'a secret of the tokens with 32 characters and more'],
      [/Which cookie/, 'session'],
      [/Where do people sign in\?/, '/login'],
    ]);
    return [...said.matchAll(/^(https:\/\/\S+ \(\D+?\)) \((.*)\)$/gm)].map(([, place]) => place);
  };

  it('is on the site, where a cookie has to arrive', async () => {
    expect(await offered(true)).toEqual([
      'https://shop.example.com (a route on your site)',
      'https://billing.example.com (a host of its own)',
      'https://shop.example.com (your site passes requests on)',
    ]);
  });

  it('is never below workers.dev for a cookie, also where the site is not at Cloudflare', async () => {
    internet.zones.clear();
    expect(await offered(true)).toEqual([
      'https://shop.example.com (your site passes requests on)',
    ]);
  });

  it('can be anywhere without a cookie', async () => {
    internet.zones.clear();
    expect(await offered(false)).toEqual([
      'https://portal-link.acme.workers.dev (nothing else is needed)',
      'https://shop.example.com (your site passes requests on)',
    ]);
  });

  const links = (...more: Script): Script => [[/How do people sign in/, 'links'], ...more];

  it('has exact routes on the site’s host', async () => {
    const { answers } = await ask(links([/Where should/, 'route']));
    expect(answers.origin).toBe(SITE);
    expect(answers.routes).toEqual([
      { pattern: 'shop.example.com/billing*', zone: 'example.com' },
      { pattern: 'shop.example.com/api/stripe/*', zone: 'example.com' },
      { pattern: 'shop.example.com/api/links*', zone: 'example.com' },
      { pattern: 'shop.example.com/api/openapi.json*', zone: 'example.com' },
    ]);
  });

  it('leaves a rewrite to the operator, with the address to pass on to', async () => {
    const { answers } = await ask(links([/Where should/, 'rewrite']));
    expect(answers).toMatchObject({ origin: SITE, routes: [] });
    expect(answers.open.join()).toContain('https://portal-link.acme.workers.dev');
  });

  it('is no host that has a DNS record already', async () => {
    internet.hosts.add('billing.example.com');
    const { said, answers } = await ask(
      links([/Where should/, ['own_host', 'workers_dev']], [/Use it all/, ['']]),
    );
    expect(said).toContain('billing.example.com has a DNS record already');
    expect(answers.origin).toBe('https://portal-link.acme.workers.dev');
  });

  it('can be typed, and DNS has to know it', async () => {
    internet.hosts.add('pay.example.org');
    const { said, answers } = await ask(
      links(
        [/Where should/, 'typed'],
        [/At which address/, ['pay', 'https://pya.example.org', 'https://pay.example.org']],
        [/Use it all/, ['']],
      ),
    );
    expect(said).toContain('write an address such as');
    expect(said).toContain('DNS has no address for pya.example.org');
    expect(answers.origin).toBe('https://pay.example.org');
  });

  it('is no route where Cloudflare does not pass the site’s requests on', async () => {
    internet.front = () => new Response('a page');
    expect((await offered(true)).join()).not.toContain('a route on your site');
  });

  it('is on the site’s own host for a cookie that never leaves it', async () => {
    const { said } = await ask([
      [/How do people sign in/, 'clerk'],
      [/How should the Worker/, 'cookie'],
      [/On which host/, issuer],
      [/Where do people sign in\?/, '/login'],
    ]);
    expect(said).toContain('a route on your site');
    expect(said).not.toContain('a host of its own');
  });

  it('is where a site that redirects leads to', async () => {
    internet.front = () => Response.redirect('https://www.example.com/', 308);
    const { dialogue, asked, said } = scripted([
      [/How do people sign in/, 'links'],
      [/Where does your site run/, [SITE]],
    ]);
    const shell = {
      resolves: async () => false,
      fetch: async ({ origin }: URL) =>
        origin === SITE ? internet.front() : new Response('a page'),
    };
    const cloudflare = { subdomain: 'acme', zoneOf: async () => ({ kind: 'none' }) };
    const answers = await interview(
      { dialogue, target, shell: shell as never, cloudflare: cloudflare as never },
      undefined,
    );
    expect(said.join()).toContain('redirects to https://www.example.com');
    expect(asked.filter((question) => question.startsWith('Where does your site'))).toHaveLength(2);
    expect(answers!.settings['HOME_URL']).toBe('https://www.example.com');
  });

  it('is made where it is settled and nothing leads to it', async () => {
    const { answers, asked } = await ask(links([/What leads to/, 'own_host']), WORKER);
    expect(asked.join()).toContain('What leads to billing.example.com?');
    expect(answers.routes).toEqual([{ pattern: 'billing.example.com' }]);
    const left = await ask(links([/What leads to/, 'other']), WORKER);
    expect(left.answers.open.join()).toContain('Nothing leads to https://billing.example.com');
  });

  it('is not asked for where it is settled', async () => {
    const { asked, answers } = await ask(links(), WORKER);
    expect(asked.join()).not.toContain('Where should');
    expect(answers.origin).toBe(WORKER);
  });
});
