import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, oneof, property, string, tuple } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unstable_getVarsForDev } from 'wrangler';
import { setLocalVariable } from '../../src/cli/dev-vars.ts';
import { OperatorProblem } from '../../src/cli/problem.ts';
import { readVariables } from '../../src/cli/variables.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'portal-link-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = () => join(directory, '.dev.vars');
const write = (text: string, mode = 0o600) => writeFileSync(path(), text, { mode });
const read = () => readFileSync(path(), 'utf8');
const set = (name: string, value: string) => setLocalVariable(directory, name, value);
/** What `wrangler dev` gives the Worker. */
function inWorker(): Record<string, unknown> {
  const config = join(directory, 'wrangler.toml');
  const all = unstable_getVarsForDev(config, undefined, {}, undefined, true);
  return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
}

it('keeps a file of secrets to its owner, even if others could read it before', () => {
  write('A=1\n', 0o644);
  set('B', '2');
  expect(read()).toBe('A=1\nB=2\n');
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

describe('a value in .dev.vars', () => {
  it.each([
    "it's a long # secret of thirty-two characters",
    "'in quotes'",
    '`in others`',
    '"in double ones"',
    '  with spaces around ',
    String.raw`it's \ends with a backslash\ `,
    '[{"id":"bpc_1","plan":"it\'s"}]',
    'two\nlines',
    "two\nlines, it's",
    '',
  ])('is for the Worker and the commands what was stored: %j', (value) => {
    write('BEFORE=1\n');
    set('SECRET', value);
    set('AFTER', "it's");
    const all = { BEFORE: '1', SECRET: value, AFTER: "it's" };
    expect(inWorker()).toEqual(all);
    expect({ ...readVariables(path()) }).toEqual(all);
  });

  it.each(['a\'b`c"#', '\'`"', 'a\rb', "it's `so` # \\n"])(
    'is refused if it could not be: %j',
    (value) => {
      write('A=1\n');
      expect(() => set('SECRET', value)).toThrow(OperatorProblem);
      expect(read()).toBe('A=1\n');
    },
  );

  it('is what was stored or refused, whatever it is and whatever it replaces', () => {
    const nasty = [
      "'",
      '"',
      '`',
      '#',
      '\\',
      'n',
      ' ',
      '=',
      ':',
      'A',
      '\n',
      '\r',
      '\u00A0',
      '\u2028',
    ];
    const value = oneof(
      string({ unit: constantFrom(...nasty), maxLength: 12 }),
      string({ unit: 'binary' }),
    );
    const name = constantFrom('A', 'B', 'C');
    let stored = 0;
    assert(
      property(array(tuple(name, value), { maxLength: 6 }), (pairs) => {
        write('');
        const all: Record<string, string> = {};
        for (const [key, text] of pairs) {
          try {
            set(key, text);
          } catch (error) {
            expect(error).toBeInstanceOf(OperatorProblem);
            continue;
          }
          all[key] = text;
          stored += 1;
          expect(inWorker()).toEqual(all);
          expect({ ...readVariables(path()) }).toEqual(all);
        }
      }),
      { seed: 11, numRuns: 500 },
    );
    expect(stored).toBeGreaterThan(500);
  });
});

describe('an entry that is replaced', () => {
  it.each([
    ['of several lines', 'PORTALS=\'[\n{"a":1}\n]\'\nOTHER=1\n', 'OTHER=1\nPORTALS=new\n'],
    ['that is exported', 'export PORTALS=old\nOTHER=1\n', 'OTHER=1\nPORTALS=new\n'],
    ['with spaces', 'OTHER=1\n PORTALS = "old" # mine\n', 'OTHER=1\nPORTALS=new\n'],
    ['that is there twice', 'PORTALS=1\n# mine\nPORTALS=2\n', '# mine\nPORTALS=new\n'],
    ['of Windows', 'PORTALS=1\r\nOTHER=1\r\n', 'OTHER=1\nPORTALS=new\n'],
  ])('goes as a whole: one %s', (_what, before, after) => {
    write(before);
    set('PORTALS', 'new');
    expect(read()).toBe(after);
  });

  it('is none inside of another value', () => {
    const notes = 'NOTES="the key was\nPORTALS=old\nonce"\n';
    write(notes);
    set('PORTALS', 'new');
    expect(read()).toBe(`${notes}PORTALS=new\n`);
  });

  it('is refused beside a quote that nothing closes', () => {
    write("A='open\nB=1\n");
    expect(() => set('C', "it's #")).toThrow(/cannot be stored in \.dev\.vars/);
    expect(read()).toBe("A='open\nB=1\n");
  });
});
