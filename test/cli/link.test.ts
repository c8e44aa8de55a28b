import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLinkKeys } from '../../src/links/keys.ts';
import { verifyLink } from '../../src/links/link.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const SECRET = 'the secret that links are signed with';
const ORIGIN = 'https://shop.example';

const run = promisify(execFile);
const environment = { ...process.env, LINK_SECRET: `${SECRET}, ${SECRET} before` };

// `node src/cli/…`, from wherever it is run.
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: { link: string };
};
const [, script = '', ...first] = scripts.link.split(' ');
const command = [resolve(script), ...first];

type Place = { cwd?: string; env?: NodeJS.ProcessEnv };

/** Runs `npm run link`; what it prints, or why it failed. */
async function linkIn(place: Place, words: string[]): Promise<{ printed: string; failed: string }> {
  try {
    const { stdout } = await run('node', [...command, ...words], place);
    return { printed: stdout.trim(), failed: '' };
  } catch (error) {
    return { printed: '', failed: (error as { stderr: string }).stderr };
  }
}

const link = async (...words: string[]) => linkIn({ env: environment }, words);

const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? '';

describe('npm run link', () => {
  it('prints a link that the Worker at that origin takes, signed with the first key', async () => {
    const { printed } = await link('--subject', 'user_42', '--origin', ORIGIN);
    expect(printed).toMatch(/^https:\/\/shop\.example\/billing\/manage\?token=/);
    const keys = await createLinkKeys([SECRET])();
    const verification = await verifyLink(tokenIn(printed), ORIGIN, keys, new Date());
    expect(verification).toMatchObject({
      kind: 'valid',
      link: { principal: { subject: 'user_42' } },
    });
  });

  it('puts all of its options into the link', async () => {
    const options = ['--flow=customer_update', '--return-to=/after', '--email=ada@example.com'];
    const { printed } = await link(
      '--customer=cus_1',
      '--expires=12h',
      `--origin=${ORIGIN}`,
      ...options,
    );
    const { iat = 0, exp = 0, ...claims } = decodeJwt(tokenIn(printed));
    expect(exp - iat).toBe(12 * 3600);
    expect(claims).toMatchObject({
      customer: 'cus_1',
      flow: 'customer_update',
      return_to: '/after',
      email: 'ada@example.com',
    });
  });

  it.each<[string, string[]]>([
    ['name either a subject or a customer', []],
    ['name either a subject or a customer', ['--subject=a', '--customer=cus_1']],
    ['--customer: must be a customer id', ['--customer=sub_1']],
    ['--flow: must be one of', ['--subject=a', '--flow=all']],
    ['--expires: write a number', ['--subject=a', '--expires=soon']],
    ['--expires: must be', ['--subject=a', '--expires=31d']],
    [
      '--return-to: give a path',
      ['--subject=a', '--return-to=https://evil.example', `--origin=${ORIGIN}`],
    ],
    ['Say where the Worker answers', ['--subject=a']],
    [
      '--origin: set it to this Worker’s own origin',
      ['--subject=a', '--origin=http://shop.example'],
    ],
    ["unknown option '--subjekt=a'", ['--subjekt=a']],
    ["'--flow <name>'", ['--revoke', '--subject=a', '--flow=customer_update']],
    ["'--env <name>'", ['--revoke', '--subject=a', '--persist-to=x', '--env=production']],
    ['no [env.--remote]', ['--revoke', '--subject=a', '--env=--remote']],
  ])('says %j for %j', async (told, words) => {
    const { printed, failed } = await link(...words);
    expect(printed).toBe('');
    expect(failed).toContain(told);
    expect(failed).not.toContain(SECRET);
  });
});

describe('npm run link -- --env', () => {
  const LOCAL = 'the secret of this machine'.repeat(2);
  const PRODUCTION = 'the secret of production'.repeat(2);
  let workplace: Workplace;
  beforeAll(async () => {
    workplace = await openWorkplace();
    workplace.write('.dev.vars', `LINK_SECRET=${LOCAL}\n`);
    workplace.write('.dev.vars.production', `LINK_SECRET=${PRODUCTION}\n`);
    workplace.configure({ PUBLIC_ORIGIN: 'https://try.example' });
    workplace.configure({ PUBLIC_ORIGIN: ORIGIN }, 'production');
  });
  afterAll(async () => workplace.close());

  const at = async (given: Record<string, string>, ...words: string[]) => {
    const env = { ...process.env, ...workplace.environment, ...given };
    return linkIn({ cwd: workplace.directory, env }, words);
  };
  const signer = async (url: string) => {
    const token = tokenIn(url);
    for (const secret of [LOCAL, PRODUCTION, SECRET]) {
      const keys = await createLinkKeys([secret])();
      const verification = await verifyLink(token, new URL(url).origin, keys, new Date());
      if (verification.kind === 'valid') return secret;
    }
    return undefined;
  };

  it.each<[string, string[], Record<string, string>, string, string]>([
    ['this machine', [], {}, 'https://try.example', LOCAL],
    ['the Worker of the top level', ['--remote'], {}, 'https://try.example', LOCAL],
    ['production', ['--env', 'production'], {}, ORIGIN, PRODUCTION],
    ['production', ['--env', 'production'], { LINK_SECRET: SECRET }, ORIGIN, SECRET],
  ])('signs for %s by %j and %j', async (_worker, words, given, origin, secret) => {
    const { printed } = await at(given, '--subject=user_42', ...words);
    expect(printed).toMatch(`${origin}/billing/manage`);
    expect(await signer(printed)).toBe(secret);
  });

  it('signs for no other Worker with the secret of this one', async () => {
    workplace.write('.dev.vars.production', '');
    const { printed, failed } = await at({}, '--subject=user_42', '--env=production');
    expect(printed).toBe('');
    expect(failed).toMatch(/LINK_SECRET is missing.*\.dev\.vars\.production/);
  });

  it('revokes in the database at Cloudflare', async () => {
    const { cloudflare } = workplace;
    const revoke = async () => at({}, '--revoke', '--subject=user_42', '--env', 'production');
    expect((await revoke()).failed).toMatch(/were not revoked.*portal-link-production/);
    await workplace.run(['deploy', '--env', 'production', '--dry-run']);
    expect((await revoke()).printed).toContain('portal-link-production at Cloudflare');
    const { sqlite } = cloudflare.databases.get('portal-link-production')!;
    expect(sqlite.prepare('select kind, id from link_revocations').all()).toEqual([
      { kind: 'subject', id: 'user_42' },
    ]);
  }, 60_000);
});

describe('the README of links', () => {
  it('shows how Node signs a link, and that works', async () => {
    const readme = await readFile('src/links/README.md', 'utf8');
    const [, snippet = ''] =
      /```js\n(\/\/ Node: npm install jose\n[^`]*`[^`]*`;)\n```/.exec(readme) ?? [];
    await mkdir('.wrangler', { recursive: true });
    const file = '.wrangler/readme-link.mjs';
    await writeFile(file, `const userId = 'user_42';\n${snippet}\nconsole.log(link);\n`);
    const { stdout } = await run('node', [file], { env: { ...process.env, LINK_SECRET: SECRET } });
    const keys = await createLinkKeys([SECRET])();
    const [origin = ''] = stdout.split('/billing/manage');
    const verification = await verifyLink(tokenIn(stdout.trim()), origin, keys, new Date());
    expect(verification).toMatchObject({
      kind: 'valid',
      link: { principal: { subject: 'user_42' }, flow: 'payment_method_update' },
    });
  });
});

describe('npm run link -- --revoke', () => {
  let folder: string;

  beforeAll(async () => {
    await mkdir('.wrangler', { recursive: true });
    folder = await mkdtemp('.wrangler/link-');
    const words = ['d1', 'migrations', 'apply', 'DB', '--local', `--persist-to=${folder}`];
    await run('wrangler', words, { env: { ...process.env, CI: 'true' } });
  }, 60_000);

  afterAll(async () => rm(folder, { recursive: true, force: true }));

  async function revocations(): Promise<{ kind: string; id: string; not_before: number }[]> {
    const select = '--command=select * from link_revocations order by id';
    const words = ['d1', 'execute', 'DB', '--local', `--persist-to=${folder}`, '--json', select];
    const { stdout } = await run('wrangler', words);
    const [{ results }] = JSON.parse(stdout) as [{ results: never }];
    return results;
  }

  it('writes the time for a subject with whatever characters, and nothing else', async () => {
    const subject = `O'Hara"; drop table customers; --\n/*?*/ é🙂`;
    const { printed } = await link('--revoke', `--subject=${subject}`, `--persist-to=${folder}`);
    expect(printed).toContain('Revoked in the local database');
    await link('--revoke', '--customer=cus_1', `--persist-to=${folder}`);
    const rows = await revocations();
    expect(rows.map(({ kind, id }) => [kind, id])).toEqual([
      ['subject', subject],
      ['customer', 'cus_1'],
    ]);
    const [{ not_before: notBefore } = { not_before: 0 }] = rows;
    expect(Math.abs(notBefore - Date.now() / 1000)).toBeLessThan(60);
  }, 60_000);

  it('says what wrangler says when there is no such table', async () => {
    const { failed } = await link('--revoke', '--subject=a', `--persist-to=${folder}/empty`);
    expect(failed).toContain('no such table');
  }, 60_000);
});
