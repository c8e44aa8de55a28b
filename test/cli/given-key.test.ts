import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECRET_NAMES } from '../../src/cli/variables.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillIn, LIVE_KEY } from './workplace.ts';

useWorkplaceWithD1(fillIn);

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'));
const pipe = async (input: Uint8Array<ArrayBuffer>, ...more: string[]) =>
  workplace.run(['setup', '--key-stdin', '--yes', ...more], {}, input);

describe('setup --key-stdin takes a key as it comes out of', () => {
  it.each([
    ['printf', utf8],
    ['cat, which leaves the line break of a file', (key: string) => utf8(`${key}\n`)],
    ['type in cmd', (key: string) => utf8(`${key}\r\n`)],
    ['PowerShell, with a byte order mark', (key: string) => utf8(`\uFEFF${key}\r\n`)],
    ['a file that PowerShell wrote', (key: string) => utf16(`${key}\r\n`)],
    ['an editor, with spaces around', (key: string) => utf8(`  ${key} \n\n`)],
  ])('%s', async (_what, bytes) => {
    expect(await pipe(bytes(workplace.key))).toMatchObject({ status: 0 });
    expect(workplace.localVariables()['STRIPE_SECRET_KEY']).toBe(workplace.key);
  });
});

describe('setup refuses, and stores nothing', () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ['nothing on standard input', '', /^✗ --key-stdin: standard input is empty/],
    ['line breaks alone', '\r\n\n', /^✗ --key-stdin: standard input is empty/],
    ['a publishable key', 'pk_test_0000000000\n', /publishable key \(pk_…\) cannot open/],
    ['two keys', 'rk_test_0000000000\nrk_test_1111111111\n', /there is a line break in it/],
    ['a variable that the shell did not replace', '$STRIPE_KEY\n', /STRIPE_SECRET_KEY: set it to/],
    ['a key cut short', 'rk_test_\n', /STRIPE_SECRET_KEY: set it to/],
    ['bytes that are no text', new Uint8Array([0, 159, 146, 150]), /STRIPE_SECRET_KEY: set it to/],
    ['a live key that nobody named', `${LIVE_KEY}\n`, /live key.*--live/],
  ])('%s', async (_what, input, message) => {
    const run = await pipe(typeof input === 'string' ? utf8(input) : input);
    expect(run).toMatchObject({ status: 2, output: expect.stringMatching(message) });
    expect(() => workplace.read('.dev.vars')).toThrow('ENOENT');
    expect(workplace.stripe.requests).toEqual([]);
  });

  it('a test key where a live one was named', async () => {
    const run = await pipe(utf8(workplace.key), '--live');
    expect(run).toMatchObject({ status: 2, output: expect.stringMatching(/is a test key/) });
    expect(workplace.stripe.requests).toEqual([]);
  });
});

it('prefers the piped key to the one in the environment', async () => {
  const given = { STRIPE_SECRET_KEY: 'rk_test_another0account00000000' };
  const words = ['setup', '--key-stdin', '--yes'];
  expect(await workplace.run(words, given, utf8(workplace.key))).toMatchObject({ status: 0 });
  expect(workplace.localVariables()['STRIPE_SECRET_KEY']).toBe(workplace.key);
});

it('takes a key from the environment, where CI puts it', async () => {
  const given = { STRIPE_SECRET_KEY: `${workplace.key}\r` };
  expect(await workplace.run(['setup', '--yes'], given)).toMatchObject({ status: 0 });
  expect(workplace.localVariables()['STRIPE_SECRET_KEY']).toBe(workplace.key);
});

it('is asked for in a file and by a command of the Worker that is set up', async () => {
  const withoutKey = async (...words: string[]) =>
    workplace.run(['setup', '--yes', ...words], { STRIPE_SECRET_KEY: '' });
  const local = await withoutKey();
  expect(local.output).toMatch(/`npm run setup -- --key-stdin`; or put it into \.dev\.vars\. /);
  const remote = await withoutKey('--remote');
  expect(remote.output).toMatch(
    /`npm run setup -- --remote --key-stdin`; or put it into \.dev\.vars\.production\. /,
  );
});

describe('a secret is typed on no command line', () => {
  const folders = ['src', 'test', '.github'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const pages = [...readdirSync('.'), ...folders].filter((path) => path.endsWith('.md'));
  const secrets = [...SECRET_NAMES, 'CLOUDFLARE_API_TOKEN'].join('|');
  // A value that is itself a variable does not stay in the shell's history.
  const typed = new RegExp(
    `(?:${secrets})\\s*=\\s*["']?(?!["']?\\$|$)|echo .*(?:[rs]k|whsec)_`,
    'm',
  );

  it('of any page', () => {
    expect(pages.length).toBeGreaterThan(20);
    const commands = pages.flatMap((page) => {
      const text = readFileSync(page, 'utf8');
      const blocks = text.matchAll(/```(?:sh|bash|powershell|bat)\n([\s\S]*?)```/g);
      return [...blocks].map(([block]) => `${page}:\n${block}`);
    });
    expect(commands.filter((block) => typed.test(block))).toEqual([]);
  });

  it('that a command prints', async () => {
    const { output } = await workplace.run(['setup', '--yes']);
    expect(output).toMatch(/STRIPE_SECRET_KEY is missing/);
    expect(output).not.toMatch(typed);
  });
});
