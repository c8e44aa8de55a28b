import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMappingFile } from '../../src/cli/import/read-file.ts';
import { OperatorProblem } from '../../src/cli/problem.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'portal-link-import-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function read(content: string | Uint8Array) {
  const path = join(directory, 'mapping.csv');
  writeFileSync(path, content);
  return readMappingFile(path);
}

const refusalOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof OperatorProblem) return error.message;
    throw error;
  }
};

describe('a mapping', () => {
  it.each([
    ['a byte order mark and CRLF', '\uFEFFcustomer,subject\r\ncus_1,user 1\r\n'],
    ['the line ends of old Macintoshes', 'customer,subject\rcus_1,user 1\r'],
    ['quotes and spaces', '"Customer" , Subject\n"cus_1", "user 1"\n\n'],
    ['its columns in the other order', 'subject,customer\nuser 1,cus_1'],
  ])('may have %s', (_what, text) => {
    expect(read(text)).toMatchObject({
      by: 'customer',
      rows: [{ line: 2, named: 'cus_1', subject: 'user 1' }],
      refusals: [],
    });
  });

  it('may mix line ends, and have quotes and commas within a value', () => {
    const { rows } = read('customer,subject\r\ncus_1,"a, ""b"""\n\ncus_2,two\r\n');
    expect(rows).toEqual([
      { line: 2, named: 'cus_1', subject: 'a, "b"' },
      { line: 4, named: 'cus_2', subject: 'two' },
    ]);
  });

  it('may say a thing twice', () => {
    const { rows, repeated } = read('customer,subject\ncus_1,one\ncus_1,one\n');
    expect(rows).toEqual([{ line: 2, named: 'cus_1', subject: 'one' }]);
    expect(repeated).toBe(1);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /^mapping\.csv is empty/],
    ['nothing but blank lines', '\n \n', /^mapping\.csv is empty/],
    ['no header', 'cus_1,user_1\n', /has to be `customer,subject`.*It is `cus_1,user_1`/],
    ['another header', 'customer;subject\ncus_1;u\n', /has to be `customer,subject`/],
    ['a third column', 'customer,subject,name\ncus_1,u,Ada\n', /has to be `customer,subject`/],
    ['both ways to name a customer', 'customer,email\ncus_1,a@b.c\n', /has to be/],
    ['a line of a megabyte', `customer,subject\ncus_1,${'x'.repeat(1e6)}\n`, /line 2: .*longer/],
    ['a header of a megabyte', `customer,${'x'.repeat(1e6)}\n`, /line 1: .*longer/],
    ['a quote left open', 'customer,subject\n"cus_1,u\ncus_2,u\n', /line 3: a quote is left open/],
    ['a quote within a value', 'customer,subject\ncus_1,a"b\n', /line 2: its quotes/],
    ['another encoding', Uint8Array.of(0xff, 0xfe, 0x63, 0x00), /not in UTF-8.*CSV UTF-8/],
  ])('is refused with %s', (_what, content, message) => {
    const refusal = refusalOf(() => read(content));
    expect(refusal).toMatch(message);
    expect(refusal.length).toBeLessThan(300);
  });

  it('is refused if it does not exist, or is a folder', () => {
    expect(refusalOf(() => readMappingFile(join(directory, 'no.csv')))).toContain('no such file');
    expect(refusalOf(() => readMappingFile(directory))).toContain('EISDIR');
  });
});

describe('a line', () => {
  const reasonsOf = (...lines: string[]) =>
    read(lines.join('\n')).refusals.map(({ line, reason }) => [line, reason]);

  it.each([
    ['sub_1,user_1', 'this is no id of a customer'],
    [',user_1', 'this is no id of a customer'],
    ['cus_1,', 'it names no subject'],
    ['cus_1," "', 'it names no subject'],
    ['cus_1,a,b', 'it has 3 columns instead of 2'],
    ['cus_1', 'it has 1 columns instead of 2'],
    [`cus_1,${'x'.repeat(501)}`, 'the subject is longer than 500'],
    ['cus_1,a\u0007b', 'the subject has control characters'],
    ['cus_1,"a\nb"', 'the subject has control characters'],
  ])('is left out for what it says: %j', (text, reason) => {
    expect(reasonsOf('customer,subject', text)).toEqual([[text.includes('\n') ? 3 : 2, reason]]);
  });

  it('is left out beside another that names another subject, as that one is', () => {
    const contradicting = reasonsOf('customer,subject', 'cus_1,a', 'cus_1,a', 'cus_2,b', 'cus_1,c');
    expect(contradicting).toEqual([
      [2, 'line 5 names another subject'],
      [3, 'line 5 names another subject'],
      [5, 'line 2 names another subject'],
    ]);
  });

  it('has an address whose spelling does not matter', () => {
    const lines = ['email,subject', 'ada@bücher.example,one', 'Ada@xn--bcher-kva.EXAMPLE,two'];
    expect(reasonsOf(...lines, 'not an address,three')).toEqual([
      [2, 'line 3 names another subject'],
      [3, 'line 2 names another subject'],
      [4, 'this is no e-mail address'],
    ]);
  });
});
