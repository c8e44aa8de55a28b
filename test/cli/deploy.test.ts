import { beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { ADDRESS, fillIn } from './workplace.ts';

useWorkplace(fillIn);
beforeEach(() => {
  workplace.configure({ PUBLIC_ORIGIN: ADDRESS });
  workplace.cloudflare.createWorker('portal-link', {
    STRIPE_SECRET_KEY: 'x',
    STRIPE_WEBHOOK_SECRET: 'y',
  });
});

const changes = () => workplace.cloudflare.requests.filter((line) => !line.startsWith('GET'));

describe('deploy --dry-run', () => {
  it('builds the Worker, and neither creates D1 nor applies a migration', async () => {
    const { status, output } = await workplace.run(['deploy', '--dry-run']);
    expect(output).toContain('--dry-run: exiting now');
    expect([status, changes()]).toEqual([0, []]);
  });

  it('bundles a clone whose settings are of before, when Wrangler did so', async () => {
    workplace.edit('wrangler.toml', {
      main: 'src/index.ts',
      no_bundle: null,
      find_additional_modules: null,
      rules: null,
      build: null,
      minify: true,
      keep_names: false,
      compatibility_flags: ['global_fetch_strictly_public'],
      alias: {
        '../pg-core/columns/enum.js': './src/customers/no-enums.ts',
        './utils/mount.js': './src/http/no-mount.ts',
        './intrinsic-element/components.js': './src/pages/plain-elements.ts',
        './deflate.js': './src/identity/no-deflate.ts',
        './Decimal.js': './src/stripe/no-decimals.ts',
        './V2Coercion.js': './src/stripe/no-decimals.ts',
        './resources.js': './src/stripe/no-resources.ts',
        './resources/AccountLinks.js': './src/stripe/left-out.ts',
      },
    });
    const { status, output } = await workplace.run(['deploy', '--dry-run']);
    expect([status, output]).toEqual([0, expect.stringContaining('--dry-run: exiting now')]);
    expect(output).not.toContain('additional modules');
  });

  it('refuses what a deploy refuses', async () => {
    workplace.configure({ BRAND_COLOR: 'mauve' });
    const { status, output } = await workplace.run(['deploy', '--dry-run']);
    expect([status, output]).toEqual([2, expect.stringContaining('BRAND_COLOR')]);
  });

  it('comes after -- where npm runs it', async () => {
    const { status, output } = await workplace.run(['deploy'], {
      npm_command: 'run',
      npm_config_dry_run: 'true',
    });
    expect([status, changes()]).toEqual([2, []]);
    expect(output).toContain('npm run deploy -- --dry-run');
  });
});

describe('deploy changes nothing, not even D1, and says what to write, for', () => {
  it.each<[string, string[], string]>([
    ['a typo', ['--dryrun'], 'deploy takes no --dryrun. It takes --env, --dry-run'],
    ['a flag with a value', ['--dry-run=true'], '--dry-run takes no value'],
    ['an option of setup', ['--yes'], 'deploy takes no --yes'],
    ['an environment by -e', ['-e', 'staging'], 'npm run deploy -- --env NAME'],
    ['another configuration', ['-c', 'other.toml'], 'npm run deploy -- --env NAME'],
    ['the same by =', ['--config=other.toml'], '--config may name another'],
    ['another folder', ['--cwd', 'elsewhere'], '--cwd may name another'],
    ['another name', ['--name', 'shop'], '--name may name another'],
    ['a second value', ['--var', 'A:1', 'B:2'], 'not a word behind --var. Repeat the option'],
    ['a value behind a flag', ['--keep-vars', 'true'], 'write it as --keep-vars=true'],
    ['what the configuration has', ['--route', 'shop.example/*'], 'set it in the Wrangler config'],
    ['a value that is missing', ['--message'], '--message needs a value'],
    ['a bundler that is not used', ['--define', 'A:1'], "--define is for Wrangler's bundler"],
    ['the same by a flag', ['--metafile'], "--metafile is for Wrangler's bundler"],
  ])('%s', async (_what, words, advice) => {
    const { status, output } = await workplace.run(['deploy', ...words]);
    expect([status, changes()]).toEqual([2, []]);
    expect(output).toContain(advice);
    expect(output).toContain('Nothing was changed.');
    expect(output).not.toContain('B:2');
  });
});

it('deploy hands on the options of Wrangler that suit any Worker, after the migrations', async () => {
  workplace.cloudflare.createDatabase('portal-link');
  // As in a clone of before, or with the package.
  workplace.edit('wrangler.toml', { main: 'src/index.ts', no_bundle: null });
  const { shell } = workplace.createShell();
  const shown: string[] = [];
  shell.showWrangler = async (args) => {
    shown.push(args.join(' '));
    return 0;
  };
  const words = ['deploy', '--message', 'Friday', '--minify', '--metafile', '--tag=v2'];
  expect(await main(words, shell)).toBe(0);
  expect(shown).toEqual([
    'd1 migrations apply DB --config wrangler.toml --env  --remote',
    'deploy --config wrangler.toml --env  --message Friday --minify --metafile --tag=v2',
  ]);
});
