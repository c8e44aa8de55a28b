import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillIn } from './workplace.ts';

useWorkplace();

/** What npm adds to a script's environment for these words behind `npm run …`. */
const byNpm = (options: Record<string, string>) => ({
  npm_command: 'run',
  npm_config_yes: '',
  ...Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`npm_config_${name}`, value]),
  ),
});
const changes = () =>
  workplace.cloudflare.requests
    .filter((line) => !line.startsWith('GET'))
    .concat(
      workplace.stripe.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path),
    );

it.each<[string, string[], Record<string, string>, string]>([
  [
    'npm run deploy --env staging',
    ['deploy', 'staging'],
    { env: 'true' },
    'npm run deploy -- --env staging',
  ],
  [
    'npm run setup --remote --yes',
    ['setup'],
    { remote: 'true', yes: 'true' },
    'npm run setup -- --remote --yes',
  ],
  ['npm run setup --dry-run', ['setup'], { dry_run: 'true' }, 'npm run setup -- --dry-run'],
  ['npm run setup --key-stdin', ['setup'], { key_stdin: 'true' }, 'npm run setup -- --key-stdin'],
  [
    'npm run doctor --url https://a.example',
    ['doctor', 'https://a.example'],
    { url: 'true' },
    'npm run doctor -- --url https://a.example',
  ],
  [
    'npm run deploy --env=staging',
    ['deploy'],
    { env: 'staging' },
    'npm run deploy -- --env staging',
  ],
  [
    'npm run doctor --remote --url https://a.example --env staging',
    ['doctor', 'https://a.example', 'staging'],
    { remote: 'true', url: 'true', env: 'true' },
    'npm run doctor -- --remote --env <name> --url <address>`',
  ],
  [
    'npm run setup --remote -- --url "https://a.example/?a&b"',
    ['setup', '--url', 'https://a.example/?a&b'],
    { remote: 'true' },
    'npm run setup -- --remote --url "https://a.example/?a&b"',
  ],
  [
    'npm run customer anna --map u1 --remote',
    ['customer', 'anna', 'u1'],
    { map: 'true', remote: 'true' },
    '--map <subject> <who>`',
  ],
  [
    'npm run setup --dry-run -- --remote --yes',
    ['setup', '--remote', '--yes'],
    { dry_run: 'true' },
    'npm run setup -- --remote --yes --dry-run',
  ],
])('%s is refused with the command that was meant', async (_typed, args, options, meant) => {
  fillIn(workplace);
  for (const npm of ['run', 'run-script']) {
    const { status, output } = await workplace.run(args, { ...byNpm(options), npm_command: npm });
    expect(status).toBe(2);
    expect(output).toContain(meant);
    expect(output.trim().split('\n')).toHaveLength(1);
  }
  expect(changes()).toEqual([]);
});

it.each([
  ['link', '--subject', 'anna'],
  ['doctor', '--static'],
])('%s does not mind what .npmrc or CI say to npm itself', async (...args) => {
  fillIn(workplace);
  const settings = { email: 'me@example.com', yes: 'true', json: 'true' };
  const { output } = await workplace.run(args, byNpm(settings));
  expect(output).not.toContain('npm has kept');
});

it('takes options that arrived, whatever .npmrc says', async () => {
  fillIn(workplace);
  const given = { STRIPE_SECRET_KEY: workplace.key, ...byNpm({ yes: 'true', dry_run: 'true' }) };
  const run = await workplace.run(['setup', '--', '--yes', '--dry-run'], given);
  expect(run).toMatchObject({ status: 0 });
  expect(run.output).toContain('this was a dry run');
});

it.each(['setup', 'doctor'])('%s takes no words', async (command) => {
  const { status, output } = await workplace.run([command, 'staging']);
  expect(status).toBe(2);
  expect(output).toContain(`npm run ${command} -- --help`);
});

it('does not deploy a word', async () => {
  const { status, output } = await workplace.run(['deploy', 'staging']);
  expect(status).toBe(2);
  expect(output).toContain('npm run deploy -- --env staging');
  expect(changes()).toEqual([]);
});

it('does not deploy a checkout without settings, and says what to run', async () => {
  const { status, output } = await workplace.run(['deploy']);
  expect(status).toBe(2);
  expect(output).toContain('the Worker would answer nobody');
  expect(output).toContain('STRIPE_SECRET_KEY: ');
  expect(output).toContain('npm run setup -- --remote');
  expect(changes()).toEqual([]);
});

it('refuses to set up a Worker at Cloudflare that would recognise nobody', async () => {
  workplace.configure({ STRIPE_API_BASE: workplace.origin });
  const { status, output } = await workplace.run(
    ['setup', '--remote', '--yes', '--url', 'https://billing.example.com'],
    { STRIPE_SECRET_KEY: workplace.key },
  );
  expect(status).toBe(2);
  expect(output).toContain('No setting says how people sign in');
  expect(changes()).toEqual([]);
});

it('refuses settings that the Worker cannot read before it stores a secret', async () => {
  fillIn(workplace);
  workplace.configure({ BRAND_COLOR: 'red', CRON_SUBREQUESTS: 'many' });
  const { status, output } = await workplace.run(
    ['setup', '--remote', '--yes', '--url', 'https://billing.example.com'],
    { STRIPE_SECRET_KEY: workplace.key },
  );
  expect(status).toBe(2);
  expect(output).toContain('BRAND_COLOR: ');
  expect(output).toContain('CRON_SUBREQUESTS: ');
  expect(changes()).toEqual([]);
});

it.each([
  ['"rk_test_operator000000000000000"', 'quotes'],
  ['rk_test_operator 000000000000000', 'a space'],
  ['rk_test_operator\n000000000000000', 'a line break'],
  ['STRIPE_SECRET_KEY=rk_test_operator000000000000000', 'STRIPE_SECRET_KEY='],
])('says of the key %j what is in it: %s', async (key, named) => {
  fillIn(workplace);
  const { status, output } = await workplace.run(['setup', '--yes'], { STRIPE_SECRET_KEY: key });
  expect(status).toBe(2);
  expect(output).toContain(named);
  expect(output).not.toContain('operator');
});

it('leaves it to wrangler what secrets lack where the deploy brings a file of them', async () => {
  fillIn(workplace);
  workplace.cloudflare.createDatabase('portal-link');
  const { shell, printed } = workplace.createShell();
  const shown: string[] = [];
  shell.showWrangler = async (args) => {
    shown.push(args.join(' '));
    return 0;
  };
  const words = ['deploy', '--secrets-file', 'secrets.json', '--dry-run'];
  expect(await main(words, shell)).toBe(0);
  expect(printed.output).not.toContain('would answer nobody');
  expect(shown.at(-1)).toBe(
    'deploy --config wrangler.toml --env  --secrets-file secrets.json --dry-run',
  );
});
