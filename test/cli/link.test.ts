import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLinkKeys } from '../../src/links/keys.ts';
import { verifyLink } from '../../src/links/link.ts';
import { migrate, migrations, openTestDatabase } from './local-database.ts';
import { migratedDatabase } from './migrated-database.ts';
import { openWorkplace, type Run, type Workplace } from './workplace.ts';

const SECRET = 'the secret that links are signed with';
const ORIGIN = 'https://shop.example';

let workplace: Workplace;
beforeAll(async () => {
  workplace = await openWorkplace();
});
afterAll(async () => workplace.close());

const linkWith = async (given: Record<string, string>, ...words: string[]): Promise<Run> =>
  workplace.run(['link', ...words], given);
const link = async (...words: string[]) =>
  linkWith({ LINK_SECRET: `${SECRET}, ${SECRET} before` }, ...words);
const linkOf = ({ stdout }: Run) => stdout.trim();

const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? '';

describe('npm run link', () => {
  it('prints a link that the Worker at that origin takes, signed with the first key', async () => {
    const printed = linkOf(await link('--subject', 'user_42', '--origin', ORIGIN));
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
    const run = await link('--customer=cus_1', '--expires=12h', `--origin=${ORIGIN}`, ...options);
    expect(run.status).toBe(0);
    const { iat = 0, exp = 0, ...claims } = decodeJwt(tokenIn(linkOf(run)));
    expect(exp - iat).toBe(12 * 3600);
    expect(claims).toMatchObject({
      customer: 'cus_1',
      flow: 'customer_update',
      return_to: '/after',
      email: 'ada@example.com',
    });
  });

  it('signs a link to pay', async () => {
    const run = await link('--subject=user_42', '--flow', 'pay', `--origin=${ORIGIN}`);
    expect(decodeJwt(tokenIn(linkOf(run)))).toMatchObject({ sub: 'user_42', flow: 'pay' });
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
    ['The Worker’s address is unknown', ['--subject=a']],
    [
      '--origin: set it to this Worker’s own origin',
      ['--subject=a', '--origin=http://shop.example'],
    ],
    ["unknown option '--subjekt=a'", ['--subjekt=a']],
    ["'--flow <name>'", ['--revoke', '--subject=a', '--flow=customer_update']],
    ["'--env <name>'", ['--revoke', '--subject=a', '--persist-to=x', '--env=production']],
    ["'--revoke'", ['--revoke', '--allow-mail', '--subject=a']],
    ['no [env.--remote]', ['--revoke', '--subject=a', '--env=--remote']],
  ])('says %j for %j', async (message, words) => {
    const { status, stdout, output } = await link(...words);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(output).toContain(message);
    expect(output).not.toContain(SECRET);
  });

  it('prints its options', async () => {
    expect(await link('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--revoke'),
    });
  });
});

describe('for which Worker', () => {
  const LOCAL = 'the secret of this machine'.repeat(2);
  const PRODUCTION = 'the secret of production'.repeat(2);
  const STAGING = 'the secret of staging'.repeat(2);
  beforeAll(async () => {
    workplace.write('.dev.vars', `LINK_SECRET=${LOCAL}\nPUBLIC_ORIGIN=http://localhost:8787\n`);
    workplace.write('.dev.vars.production', `LINK_SECRET=${PRODUCTION}\n`);
    workplace.write('.dev.vars.staging', `LINK_SECRET=${STAGING}\n`);
    workplace.configure({ PUBLIC_ORIGIN: ORIGIN });
    const vars = { PUBLIC_ORIGIN: 'https://staging.example' };
    workplace.edit('wrangler.toml', { env: { staging: { vars } } });
  });

  const signer = async (url: string) => {
    const token = tokenIn(url);
    for (const secret of [LOCAL, PRODUCTION, STAGING, SECRET]) {
      const keys = await createLinkKeys([secret])();
      const verification = await verifyLink(token, new URL(url).origin, keys, new Date());
      if (verification.kind === 'valid') return secret;
    }
    return undefined;
  };

  it.each<[string, string[], Record<string, string>, string, string]>([
    ['this machine', [], {}, 'http://localhost:8787', LOCAL],
    ['the deployed Worker', ['--remote'], {}, ORIGIN, PRODUCTION],
    ['a second Worker', ['--env', 'staging'], {}, 'https://staging.example', STAGING],
    ['the deployed Worker', ['--remote'], { LINK_SECRET: SECRET }, ORIGIN, SECRET],
  ])('signs for %s with %j and %j', async (_worker, words, given, origin, secret) => {
    const printed = linkOf(await linkWith(given, '--subject=user_42', ...words));
    expect(printed).toMatch(`${origin}/billing/manage`);
    expect(await signer(printed)).toBe(secret);
  });

  it('signs for no other Worker with the secret of this one', async () => {
    workplace.write('.dev.vars.production', '');
    const { stdout, output } = await linkWith({}, '--subject=user_42', '--remote');
    expect(stdout).toBe('');
    expect(output).toMatch(/LINK_SECRET is missing.*\.dev\.vars\.production/);
  });
});

describe('the README of links', () => {
  it('shows how Node signs a link, and that works', async () => {
    const readme = await readFile('src/links/README.md', 'utf8');
    const [, snippet = ''] =
      /```js\n(\/\/ Node: npm install jose\n[^`]*`[^`]*`;)\n```/.exec(readme) ?? [];
    await mkdir('.wrangler', { recursive: true });
    const file = '.wrangler/readme-link.mjs';
    await writeFile(file, `const userId = 'user_42';\n${snippet}\nconsole.log(link);\n`);
    const { stdout } = await promisify(execFile)('node', [file], {
      env: { ...process.env, LINK_SECRET: SECRET },
    });
    const keys = await createLinkKeys([SECRET])();
    const [origin = ''] = stdout.split('/billing/manage');
    const verification = await verifyLink(tokenIn(stdout.trim()), origin, keys, new Date());
    expect(verification).toMatchObject({
      kind: 'valid',
      link: { principal: { subject: 'user_42' }, flow: 'payment_method_update' },
    });
  });
});

describe('--revoke', () => {
  const revoked = async (database: D1Database) => {
    const select = database.prepare(
      'select kind, id, not_before from link_revocations order by id',
    );
    return (await select.all<{ kind: string; id: string; not_before: number }>()).results;
  };

  it('writes the time to the database of wrangler dev, for a subject with any characters', async () => {
    const { folder, database, close } = await openTestDatabase();
    await migrate(database);
    const subject = `O'Hara"; drop table customers; --\n/*?*/ é🙂`;
    const run = await link('--revoke', `--subject=${subject}`, `--persist-to=${folder}`);
    expect(run.output).toContain('Revoked in the local database');
    const rows = await revoked(database);
    expect(rows.map(({ kind, id }) => [kind, id])).toEqual([['subject', subject]]);
    expect(Math.abs(rows[0]!.not_before - 60 - Date.now() / 1000)).toBeLessThan(60);
    await close();
  });

  it('stops mails, until --allow-mail by the same name', async () => {
    const database = await migratedDatabase();
    const here = await openWorkplace(database);
    const stopped = async () => {
      const select = database.prepare(
        'select id from link_revocations where mail_stopped_at is not null order by id',
      );
      return (await select.all<{ id: string }>()).results.map(({ id }) => id);
    };
    await here.run(['link', '--revoke', '--subject=a']);
    await here.run(['link', '--revoke', '--customer=cus_1']);
    expect(await stopped()).toEqual(['a', 'cus_1']);
    const rows = await revoked(database);
    expect(rows.map(({ kind, id }) => [kind, id])).toEqual([
      ['subject', 'a'],
      ['customer', 'cus_1'],
    ]);
    const run = await here.run(['link', '--allow-mail', '--subject=a']);
    expect(run.output).toContain('Allowed in the local database');
    expect(await stopped()).toEqual(['cus_1']);
    await here.close();
  });

  it('says that the database has no tables', async () => {
    const { folder, close } = await openTestDatabase();
    const { status, output } = await link('--revoke', '--subject=a', `--persist-to=${folder}`);
    expect(status).toBe(2);
    expect(output).toMatch(/not revoked.*no such table/);
    await close();
  });

  it('writes to the database at Cloudflare', async () => {
    const { cloudflare } = workplace;
    const revoke = async (given = {}) =>
      linkWith(given, '--revoke', "--subject=O'Hara", '--remote');
    expect((await revoke()).output).toMatch(
      /not revoked: Cloudflare has no D1 database portal-link.*setup -- --remote/,
    );
    const { sqlite } = cloudflare.createDatabase('portal-link');
    cloudflare.createDatabase('portal-link-staging');
    expect((await revoke()).output).toMatch(/not revoked.*no such table/);
    for (const statement of migrations()) sqlite.exec(statement);
    expect((await revoke({ CLOUDFLARE_API_TOKEN: 'wrong' })).output).toMatch(
      /Authentication error.*CLOUDFLARE_API_TOKEN/,
    );
    expect(await revoke()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('portal-link at Cloudflare'),
    });
    expect(sqlite.prepare('select kind, id from link_revocations').all()).toEqual([
      { kind: 'subject', id: "O'Hara" },
    ]);
  });
});
