import { beforeEach, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { runSetup } from '../../src/cli/setup/index.ts';
import type { SetupOptions } from '../../src/cli/setup/options.ts';
import { CTRL_C, scripted, type Script } from './scripted.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { ADDRESS } from './workplace.ts';

useWorkplaceWithD1();
beforeEach(() => {
  workplace.configure({ STRIPE_API_BASE: workplace.origin });
});

const SECRET = 'a secret of the tokens with 32 characters and more';
const remote = { remote: true, url: ADDRESS };

/** Runs setup with these answers to its questions. */
async function setUp(options: SetupOptions, script: Script) {
  const { dialogue, asked, said } = scripted([
    [/secret or restricted key/, workplace.key],
    [/Where does your site run/, ADDRESS],
    [/Use it all the same/, true],
    ...script,
  ]);
  const { shell } = workplace.createShell();
  const end = await runSetup(shell, options, dialogue).then(() => undefined, String);
  return { asked, said: said.join('\n'), end };
}

const tokens: Script = [
  [/How do people sign in/, 'shared_secret'],
  [/secret that your site/, SECRET],
  [/Which cookie/, 'session'],
  [/Where do people sign in\?/, '/sign-in?return_to={return_to}'],
];
const changes = () =>
  workplace.cloudflare.requests
    .filter((line) => !line.startsWith('GET'))
    .concat(
      workplace.stripe.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path),
    );

it('stores no secret and deploys nothing where the answers are not to be written', async () => {
  const before = workplace.read('wrangler.toml');
  const { said } = await setUp(remote, [...tokens, [/^Write this to/, false]]);
  expect(said).toContain('The other steps need these answers.');
  expect(changes()).toEqual([]);
  expect(workplace.read('wrangler.toml')).toBe(before);
});

it('asks again from the start after Ctrl-C, with all answers filled in but the secrets', async () => {
  const { asked, said } = await setUp(remote, [
    [/How do people sign in/, ['shared_secret']],
    [/secret that your site/, [SECRET, SECRET]],
    [/Which cookie/, ['session']],
    [/Where do people sign in\?/, [CTRL_C, '/sign-in?return_to={return_to}']],
    [/^Write this to/, false],
  ]);
  expect(asked.filter((question) => /secret that your site/.test(question))).toHaveLength(2);
  expect(said).toContain('AUTH_COOKIE = "session"');
});

it('says at Ctrl-C that nothing is kept, if the operator leaves', async () => {
  const before = workplace.read('wrangler.toml');
  const { end } = await setUp(remote, [
    [/Where do people sign in\?/, CTRL_C],
    [/How do you want to go on/, 'leave'],
    ...tokens,
  ]);
  expect(end).toContain('Nothing was changed, and no answer is kept.');
  expect(changes()).toEqual([]);
  expect(workplace.read('wrangler.toml')).toBe(before);
});

it('shows what was said of sign-in where the question after it is not answered', async () => {
  await workplace.api.customers.create({ metadata: { crm: 'c1' } });
  const { said } = await setUp(remote, [
    ...tokens,
    [/How do your customers know/, CTRL_C],
    [/How do you want to go on/, CTRL_C],
  ]);
  expect(said).toContain('Your answers are not written.');
  expect(said).toContain('AUTH_COOKIE = "session"');
  expect(said).not.toContain(SECRET);
});

it('shows the answers once more, and no secret, where a later step is refused', async () => {
  const { said } = await setUp(remote, [...tokens, [/^Is this right/, false]]);
  const [, after = ''] = said.split('Nothing was changed.');
  expect(after).toContain('AUTH_COOKIE = "session"');
  expect(after).toContain('AUTH_JWT_SECRET, a secret');
  expect(said).not.toContain(SECRET);
});

it('says before the first change that a cookie can never arrive', async () => {
  const { said, asked } = await setUp(
    { remote: true, url: 'https://portal-link.acme.workers.dev' },
    [
      ...tokens,
      [/Where do people sign in\?/, 'https://shop.example.com/in?next={return_to}'],
      [/^Go on all the same/, false],
    ].toReversed() as Script,
  );
  expect(said).toContain('session seems to be set on shop.example.com, and never reaches');
  expect(asked.at(-1)).toMatch(/^Go on all the same/);
  expect(changes()).toEqual([]);
});

it.each([
  ['"in quotes with thirty-two characters and more"', 'quotes'],
  [`AUTH_JWT_SECRET=${SECRET}`, 'AUTH_JWT_SECRET='],
])('says at once what came along with a secret: %j', async (pasted, named) => {
  const script = tokens.filter(([question]) => !question.test('secret that your site'));
  const { said } = await setUp(remote, [
    ...script,
    [/secret that your site/, [pasted, SECRET]],
    [/^Is this right/, false],
  ]);
  expect(said).toContain(named);
});

it('leaves a Worker on this machine that can read its settings', async () => {
  const { said } = await setUp({}, tokens);
  expect(said).toContain('http://localhost:8787/billing/manage');
  const { vars } = (await import('smol-toml')).parse(workplace.read('wrangler.toml')) as {
    vars: Record<string, string>;
  };
  expect(parseConfig({ ...vars, ...workplace.localVariables() })).toMatchObject({ kind: 'valid' });
});

it('asks about people where a secret of links alone was given, unless links are all', async () => {
  const LINK_SECRET = 'a secret of the links with 32 characters and more';
  const given = { STRIPE_SECRET_KEY: workplace.key, LINK_SECRET };
  const refused = await workplace.run(['setup', '--remote', '--yes', '--url', ADDRESS], given);
  expect(refused.status).toBe(2);
  expect(refused.output).toContain('--links-only');
  expect(changes()).toEqual([]);
  const run = ['setup', '--remote', '--dry-run', '--links-only', '--url', ADDRESS];
  expect((await workplace.run(run, given)).output).toContain('Would: Store LINK_SECRET');
});

it('changes nothing where wrangler.toml cannot be edited, and says what to write', async () => {
  const text = workplace.read('wrangler.toml');
  const settings = /\n\[vars\]\n([^[]*)/.exec(text)?.[1] ?? '';
  const inline = settings.trim().split('\n').join(', ');
  const moved = text.replace(`\n[vars]\n${settings}`, '\n');
  workplace.write('wrangler.toml', `vars = { ${inline} }\n${moved}`);
  const { end, said } = await setUp(remote, tokens);
  expect(end).toContain('Setup cannot change the layout of wrangler.toml');
  expect(said).toContain('AUTH_COOKIE = "session"');
  expect(changes()).toEqual([]);
});
