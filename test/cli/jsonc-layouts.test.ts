import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addEnvironment } from '../../src/cli/config-file/edit.ts';
import { formatOf } from '../../src/cli/config-file/formats.ts';
import { readConfig } from '../../src/cli/config-file/read.ts';
import { OperatorProblem } from '../../src/cli/problem.ts';
import { setRoutes } from '../../src/cli/routes.ts';
import { changed, directory, path, refused, setting, useConfig } from './layouts.ts';

useConfig('wrangler.jsonc');

describe('a setting', () => {
  it.each<[string, string, string]>([
    ['it', '{\n  "vars": { "A": "" }\n}\n', '{\n  "vars": { "A": "new" }\n}\n'],
    [
      'comments around it',
      '{\n  "vars": {\n    // why\n    "A": /* here */ "", // so\n  },\n}\n',
      '{\n  "vars": {\n    // why\n    "A": /* here */ "new", // so\n  },\n}\n',
    ],
    [
      'an entry without a comma',
      '{\n  "vars": {\n    "B": "b"\n  }\n}\n',
      '{\n  "vars": {\n    "B": "b",\n    "A": "new"\n  }\n}\n',
    ],
    [
      'a comment behind an entry without a comma',
      '{\n  "vars": {\n    "B": "b" // b\n    // more\n  }\n}\n',
      '{\n  "vars": {\n    "B": "b", // b\n    "A": "new"\n    // more\n  }\n}\n',
    ],
    [
      'a trailing comma and comments behind it',
      '{\n  "vars": {\n    "B": "b", /* b */ // b\n  },\n}\n',
      '{\n  "vars": {\n    "B": "b", /* b */ // b\n    "A": "new",\n  },\n}\n',
    ],
    [
      'tabs',
      '{\n\t"name": "x",\n\t"vars": {\n\t\t"B": "b"\n\t}\n}\n',
      '{\n\t"name": "x",\n\t"vars": {\n\t\t"B": "b",\n\t\t"A": "new"\n\t}\n}\n',
    ],
    [
      'tabs and no such table',
      '{\n\t"name": "x"\n}\n',
      '{\n\t"name": "x",\n\t"vars": {\n\t\t"A": "new"\n\t}\n}\n',
    ],
    [
      'a comment of several lines and tabs',
      '/**\n * x\n */\n{\n\t"name": "x"\n}\n',
      '/**\n * x\n */\n{\n\t"name": "x",\n\t"vars": {\n\t\t"A": "new"\n\t}\n}\n',
    ],
    ['an empty table', '{\n  "vars": {}\n}\n', '{\n  "vars": {\n    "A": "new"\n  }\n}\n'],
    [
      'comments alone in the table',
      '{\n  "vars": {\n    // "B": ""\n  }\n}\n',
      '{\n  "vars": {\n    // "B": ""\n    "A": "new"\n  }\n}\n',
    ],
    ['all in one line', '{ "vars": { "B": "b" } }', '{ "vars": { "B": "b", "A": "new" } }'],
    [
      'all in one line, and no such table',
      '{ "name": "x", }',
      '{ "name": "x", "vars": { "A": "new" }, }',
    ],
    ['nothing', '{}', '{\n  "vars": {\n    "A": "new"\n  }\n}'],
    [
      'the text of it in a string and in a comment',
      '{\n  // "vars": { "A": "" }\n  "name": "x", /* "A": "" */\n  "vars": { "B": "\\"A\\": 1", "A": "1" }\n}\n',
      '{\n  // "vars": { "A": "" }\n  "name": "x", /* "A": "" */\n  "vars": { "B": "\\"A\\": 1", "A": "new" }\n}\n',
    ],
    [
      'CRLF',
      '{\r\n  "vars": {\r\n    "B": "b" // b\r\n  }\r\n}\r\n',
      '{\r\n  "vars": {\r\n    "B": "b", // b\r\n    "A": "new"\r\n  }\r\n}\r\n',
    ],
    [
      'a byte order mark',
      '\uFEFF{\n  "vars": { "A": "" }\n}\n',
      '\uFEFF{\n  "vars": { "A": "new" }\n}\n',
    ],
  ])('goes into a file that has %s', (_what, before, after) => {
    expect(changed(before, setting())).toBe(after);
  });

  it('goes into an environment, as JSON that says the same', () => {
    const value = '[{"name":"a \\ b"}]';
    changed('{\n  "env": {\n    "b": {}\n  }\n}\n', setting(value, 'PORTALS', 'env/b/vars'));
    expect(readConfig(directory)).toEqual({ env: { b: { vars: { PORTALS: value } } } });
  });

  it('goes into an environment with a dot in its name', () => {
    const before = '{\n  "env": {\n    "v1.2": { "vars": {} }\n  }\n}\n';
    changed(before, setting('new', 'A', 'env/v1.2/vars'));
    expect(readConfig(directory)).toEqual({ env: { 'v1.2': { vars: { A: 'new' } } } });
    expect(refused('{ "env": { "v1.2": 1 } }', setting('new', 'A', 'env/v1.2/vars'))).toContain(
      'into env."v1.2".vars:',
    );
  });

  it('leaves a list that is as wanted, with the comments in it', () => {
    const before = '{ "secrets": { "required": [\n  "A", // one\n  "B"\n] } }';
    expect(changed(before, setting(['A', 'B'], 'required', 'secrets'))).toBe(before);
  });

  it('joins a list in the line or the lines that it has', () => {
    const more = setting(['A', 'B'], 'required', 'secrets');
    const short = changed('{\n  "secrets": { "required": ["A"] } // all\n}\n', more);
    expect(short).toBe('{\n  "secrets": { "required": ["A", "B"] } // all\n}\n');
    const long = '{\n  "secrets": {\n    "required": [\n      "A", // for Stripe\n    ]\n  }\n}\n';
    expect(changed(long, more)).toBe(long.replace('Stripe\n', 'Stripe\n      "B",\n'));
  });

  it('leaves a list, as long as no comment would go with it', () => {
    const fewer = setting(['B'], 'required', 'secrets');
    const before =
      '{\n  "secrets": {\n    "required": [\n      "A",\n      "B"\n    ] // all\n  }\n}\n';
    expect(changed(before, fewer)).toContain('"required": ["B"] // all');
    const message = refused(before.replace('"A",', '"A", // for Stripe'), fewer);
    expect(message).toContain('wrangler.jsonc yourself, into "secrets":\n"required": ["B"]');
  });

  it('is shown where its table is something else', () => {
    expect(refused('{ "vars": [] }', setting())).toContain('into "vars":\n"A": "new"');
    expect(refused('{ "env": { "b": 1 } }', setting('new', 'A', 'env/b/vars'))).toContain(
      'into env.b.vars:',
    );
  });
});

describe('routes', () => {
  const ROUTES = [{ pattern: 'a.example/billing*', zone: 'a.example' }];
  const set = (environment?: string) => () => setRoutes(directory, environment, ROUTES);
  const ours = { pattern: 'a.example/billing*', zone_name: 'a.example' };

  it.each<[string, string, unknown[], string]>([
    ['none', '{\n  "name": "x"\n}\n', [ours], '"name": "x",\n  "routes": [\n    {\n'],
    ['an empty list', '{ "routes": [] /* none yet */ }', [ours], '/* none yet */'],
    [
      'a route with a comment',
      '{\n  "routes": [ // all\n    "b.example/*", // b\n  ],\n}\n',
      [ours, 'b.example/*'],
      '"b.example/*", // b\n  ],\n}\n',
    ],
    ['the same route', '{ "routes": ["a.example/billing*"] }', [ours], ''],
    [
      'CRLF',
      '{\r\n  "routes": [\r\n    "b.example/*"\r\n  ]\r\n}\r\n',
      [ours, 'b.example/*'],
      '    },\r\n    "b.example/*"\r\n',
    ],
  ])('go into a file that has %s', (_what, before, routes, kept) => {
    const after = changed(before, set());
    expect(formatOf(path).read(after)['routes']).toEqual(routes);
    expect(after).toContain(kept);
    if (before.includes('\r')) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('stay as they are, where all of them are there', () => {
    const before = `{\n  "routes": [\n    // the shop\n    ${JSON.stringify(ours)}\n  ]\n}\n`;
    expect(changed(before, set())).toBe(before);
  });

  it('are only those that are not there', () => {
    const before = `{\n  "routes": [\n    ${JSON.stringify(ours)}, // the shop\n    "b.example/*"\n  ]\n}\n`;
    const more = { pattern: 'a.example/api*', zone: 'a.example' };
    const after = changed(before, () => setRoutes(directory, undefined, [...ROUTES, more]));
    expect(after).toContain(', // the shop\n');
    expect(readConfig(directory)).toEqual({
      routes: [{ pattern: 'a.example/api*', zone_name: 'a.example' }, ours, 'b.example/*'],
    });
  });

  it('never stand beside route', () => {
    const message = refused('{ "route": "*.example.com/*" }', set());
    expect(message).toContain('in its outer braces, in place of route');
    expect(message).toContain('"routes": [\n');
    const inner = refused('{ "env": { "b": { "route": "*.example.com/*" } } }', set('b'));
    expect(inner).toContain('in env.b, in place of route');
  });

  it('go into an environment', () => {
    changed('{\n  "env": {\n    "b": {} // second\n  }\n}\n', set('b'));
    expect(readConfig(directory)).toEqual({ env: { b: { routes: [ours] } } });
  });
});

describe('an environment', () => {
  const add = () => addEnvironment(directory, 'b', { vars: { A: '' }, routes: [] });

  it('is added to those that there are', () => {
    const before = '{\n  "env": {\n    "a": {}, // first\n  },\n}\n';
    expect(changed(before, add)).toBe(
      '{\n  "env": {\n    "a": {}, // first\n    "b": {\n      "vars": {\n        "A": ""\n      },\n      "routes": []\n    },\n  },\n}\n',
    );
  });

  it('is shown where env is something else', () => {
    expect(refused('{ "env": [] }', add)).toContain('yourself, into "env":\n"b": {\n  "vars"');
  });
});

describe('a file that cannot be read', () => {
  it.each<[string, string, RegExp]>([
    ['lacks a comma', '{\n  "name": "x"\n  "vars": {}\n}\n', /line 3, column 3: `"vars"` is/],
    [
      'lacks a value',
      '{\n  "name": \n}\n',
      /line 3, column 1: `\}` is not expected here\. .*comma/,
    ],
    ['has a word without quotes', '{ name: "x" }', /line 1, column 3/],
    ['is empty', '', /line 1, column 1: the end is not expected/],
    ['is a list', '[]', /line 1: the settings have to be in \{ and \}/],
    ['has a tab in a string', '{\n  "vars": { "A": "a\tb" }\n}\n', /line 2, column 20: a string/],
    ['has a string of two lines', '{\n  "name": "a\nb"\n}\n', /line 2, column 13: a string/],
    [
      'has a name twice',
      '{\n  "vars": {},\n  "name": "x",\n  "vars": { "A": "" }\n}\n',
      /line 4, column 3: "vars" is there a second time, first in line 2\./,
    ],
  ])('is named with line and column if it %s', (_what, text, message) => {
    writeFileSync(path, text);
    expect(() => readConfig(directory)).toThrow(OperatorProblem);
    expect(() => readConfig(directory)).toThrow(message);
    expect(() => readConfig(directory)).toThrow(/^wrangler\.jsonc cannot be read\. line/);
  });

  it.each([
    '{\n  "vars": {\n    "A": "1"\n    "API_KEY": "sk_live_51Habcdefgh"\n  }\n}\n',
    '{"vars":{"A":"1" "API_KEY":"sk_live_51Habcdefgh"}}',
    '{ "vars": { "API_KEY": sk_live_51Habcdefgh } }',
    '{ "vars": { "API_KEY": "" "sk_live_51Habcdefgh" } }',
    '{ "vars": { "API_KEY": "sk_live_51Habcdefgh\t" } }',
  ])('is named without its values: %j', (text) => {
    writeFileSync(path, text);
    expect(() => readConfig(directory)).toThrow(/cannot be read\. line \d, column \d+: /);
    expect(() => readConfig(directory)).not.toThrow(/sk_live/);
  });
});
