import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLinkKeys } from '../../src/identity/link-keys.ts';
import { verifyLink } from '../../src/identity/link.ts';

const SECRET = 'the secret that links are signed with';
const ORIGIN = 'https://shop.example';

const run = promisify(execFile);
const environment = { ...process.env, LINK_SECRET: `${SECRET}, ${SECRET} before` };

/** Runs the command; what it prints, or why it failed. */
async function link(...words: string[]): Promise<{ printed: string; failed: string }> {
  try {
    const { stdout } = await run('node', ['src/cli/link.ts', ...words], { env: environment });
    return { printed: stdout.trim(), failed: '' };
  } catch (error) {
    return { printed: '', failed: (error as { stderr: string }).stderr };
  }
}

const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? '';

describe('npm run link', () => {
  it('prints a link that the Worker at that origin takes, signed with the first key', async () => {
    const { printed } = await link('--subject', 'user_42', '--origin', ORIGIN);
    expect(printed).toMatch(/^https:\/\/shop\.example\/billing\/manage\?token=/);
    const keys = await createLinkKeys([SECRET])();
    const verification = await verifyLink(tokenIn(printed), ORIGIN, keys, new Date());
    expect(verification).toMatchObject({ kind: 'valid', link: { holder: { subject: 'user_42' } } });
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
    ['The origin must be https', ['--subject=a', '--origin=http://shop.example']],
    ["Unknown option '--subjekt'", ['--subjekt=a']],
    ['--revoke goes with', ['--revoke', '--subject=a', '--flow=customer_update']],
    ['--env: name an environment', ['--revoke', '--subject=a', '--env=--remote']],
  ])('says %j for %j', async (told, words) => {
    const { printed, failed } = await link(...words);
    expect(printed).toBe('');
    expect(failed).toContain(told);
    expect(failed).not.toContain(SECRET);
  });
});

describe('the README', () => {
  it('shows how Node signs a link, and that works', async () => {
    const readme = await readFile('README.md', 'utf8');
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
      link: { holder: { subject: 'user_42' }, flow: 'payment_method_update' },
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
