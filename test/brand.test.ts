import { beforeEach, describe, expect, it } from 'vitest';
import { contrastOf, inkOn, needsEdge, shadeOf } from '../src/pages/brand.ts';
import { legalFor } from '../src/pages/footer.tsx';
import { createWorld, ORIGIN, SIGNED_OUT, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const pageOf = async (path = '/billing') => world.visit(path, { headers: SIGNED_OUT });
const htmlOf = async (path = '/billing') => (await pageOf(path)).text();

describe('the shop', () => {
  it('is where its name and “Back to …” lead', async () => {
    expect(await htmlOf()).not.toContain('Back to');
    world.configure({ HOME_URL: 'https://shop.example/' });
    const html = await htmlOf();
    expect(html).toMatch(/<header><a href="https:\/\/shop\.example\/"[^>]*><bdi class="name">/);
    expect(html).toMatch(/href="https:\/\/shop\.example\/"[^>]*>Back to Example Shop</);
  });

  it('goes by the name of its host without one, of the configured origin if there is one', async () => {
    world.configure({ BRAND_NAME: '' });
    expect(await htmlOf()).toContain('<title>Billing · shop.example</title>');
    world.configure({ PUBLIC_ORIGIN: 'https://billing.example.com' });
    expect(await htmlOf()).toContain('<title>Billing · billing.example.com</title>');
  });

  it('shows an icon and a theme in its colour', async () => {
    world.configure({ BRAND_COLOR: '#0a7f5a' });
    const html = await htmlOf();
    expect(html).toContain('<meta name="theme-color" content="#0a7f5a"/>');
    expect(html).toMatch(/<link rel="icon" href="data:image\/svg\+xml,[^"]*%230a7f5a/);
  });

  it.each([
    ['/logo.svg', '', "img-src data: 'self';"],
    ['https://cdn.example/a/logo.svg', '', 'img-src data: https://cdn.example;'],
    ['/logo.svg', 'https://cdn.example/dark.svg', "img-src data: 'self' https://cdn.example;"],
  ])('may load its logo, %s and %j, and no other picture', async (light, dark, policy) => {
    world.configure({ PUBLIC_ORIGIN: ORIGIN, LOGO_URL: light, LOGO_DARK_URL: dark });
    const page = await pageOf();
    expect(page.headers.get('content-security-policy')).toContain(policy);
    const html = await page.text();
    expect(html).toContain(`<img class="logo" src="${light}" alt="Example Shop"`);
    expect(html.includes('<source')).toBe(dark !== '');
  });

  it('loads no picture without a logo', async () => {
    const page = await pageOf();
    expect(page.headers.get('content-security-policy')).toContain('img-src data:;');
  });

  it('has its legal links in their order, in the page’s language where there is one', async () => {
    world.configure({
      LEGAL_LINKS:
        'terms=https://shop.example/terms, imprint=/imprint, imprint.DE=/impressum, privacy.pt-br=/lgpd',
    });
    const links = async (path: string) =>
      [...(await htmlOf(path)).matchAll(/<a href="([^"]*)" rel="noreferrer">([^<]*)<\/a>/g)]
        .map(([, href, label]) => `${label} ${href}`)
        .filter((link) => !link.includes('mailto'));
    expect((await links('/billing')).slice(-2)).toEqual([
      'Terms https://shop.example/terms',
      'Imprint /imprint',
    ]);
    expect((await links('/billing?locale=de-AT')).slice(-2)).toEqual([
      'AGB https://shop.example/terms',
      'Impressum /impressum',
    ]);
    expect(await links('/billing?locale=pt')).toContain('Privacidade /lgpd');
  });

  it.each(['imprint.nl=/colofon', 'imprint.de-AT=/impressum'])(
    'has no legal link like %j, which nobody would see',
    async (link) => {
      world.configure({ LEGAL_LINKS: link });
      const { problems } = await (await world.visit('/healthz')).json<{ problems: object[] }>();
      expect(problems).toMatchObject([{ key: 'LEGAL_LINKS' }]);
    },
  );

  it('sends people who type its host alone to the page, in the language they ask for', async () => {
    const response = await pageOf('/?locale=de');
    expect([response.status, response.headers.get('location')]).toEqual([
      302,
      '/billing?locale=de',
    ]);
  });
});

it('prefers a language’s own legal link', () => {
  const link = (language: string | undefined, href: string) =>
    ({ name: 'imprint', language, href }) as const;
  const links = [link('de', '/de'), link(undefined, '/all')];
  expect(legalFor(links, 'de').map(({ href }) => href)).toEqual(['/de']);
  expect(legalFor(links, 'fr').map(({ href }) => href)).toEqual(['/all']);
  expect(legalFor([link('de', '/de')], 'fr')).toEqual([]);
});

describe('the brand’s colour', () => {
  it.each(['#000000', '#ffffff', '#f5f5f5', '#ffff00', '#4f46e5', '#777777', '#181a20', '#c00000'])(
    '%s can be read on a button that is pressed, and is seen in light and dark',
    (color) => {
      const hex = (short: '#000' | '#fff') => (short === '#000' ? '#000000' : '#ffffff');
      const ink = hex(inkOn(color));
      expect(contrastOf(color, ink)).toBeGreaterThanOrEqual(4.5);
      // What color-mix() makes of it while the button is pressed.
      const mixed = [1, 3, 5]
        .map((at) => {
          const [own, shade] = [color, hex(shadeOf(color))].map((each) =>
            Number.parseInt(each.slice(at, at + 2), 16),
          );
          return Math.round(own! * 0.74 + shade! * 0.26)
            .toString(16)
            .padStart(2, '0');
        })
        .join('');
      expect(contrastOf(`#${mixed}`, ink)).toBeGreaterThanOrEqual(4.5);
      expect(needsEdge(color, 'light')).toBe(contrastOf(color, '#ffffff') < 3);
      expect(needsEdge(color, 'dark')).toBe(contrastOf(color, '#181a20') < 3);
    },
  );

  it('gets an edge on the page where it would be lost', async () => {
    world.configure({ BRAND_COLOR: '#ffffff' });
    expect(await htmlOf()).toContain('--brand-edge: var(--edge)');
  });
});
