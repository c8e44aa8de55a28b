import { writeFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { addEnvironment } from '../../src/cli/config-file/edit.ts';
import { readConfig } from '../../src/cli/config-file/read.ts';
import { setRoutes } from '../../src/cli/routes.ts';
import { changed, directory, path, refused, setting, useConfig } from './layouts.ts';

useConfig('wrangler.toml');

describe('a setting', () => {
  it.each<[string, string, string]>([
    ['a comment behind the header', '[vars] # ours\nA = ""\n', '[vars] # ours\nA = "new"\n'],
    ['spaces in the header', '  [ vars ]  \nB = ""\n', '  [ vars ]  \nA = "new"\nB = ""\n'],
    ['a comment behind the value', '[vars]\nA = "#1" # why\n', '[vars]\nA = "new" # why\n'],
    ['a quoted key', '[vars]\n"A" = ""\n', '[vars]\n"A" = "new"\n'],
    ['an indented key', '[vars]\n  A = ""\n', '[vars]\n  A = "new"\n'],
    ['CRLF', '[vars]\r\nB = ""\r\nA = "" # why\r\n', '[vars]\r\nB = ""\r\nA = "new" # why\r\n'],
    ['CRLF without the key', '[vars]\r\nB = ""\r\n', '[vars]\r\nA = "new"\r\nB = ""\r\n'],
    ['a string of several lines', '[vars]\nA = """\na # b\nA = 1\n"""\n', '[vars]\nA = "new"\n'],
    [
      'such a text in a string',
      'note = """\n[vars]\nA = ""\n"""\n[vars]\nA = ""\n',
      'note = """\n[vars]\nA = ""\n"""\n[vars]\nA = "new"\n',
    ],
    ['the key in another table', '[x]\nA = ""\n[vars]\n', '[x]\nA = ""\n[vars]\nA = "new"\n'],
    ['no such table', 'name = "x"\n', 'name = "x"\n\n[vars]\nA = "new"\n'],
  ])('goes into a file with %s', (_what, before, after) => {
    expect(changed(before, setting())).toBe(after);
  });

  it.each<[string, string]>([
    ['an inline table', 'vars = {}\n'],
    ['dotted keys', 'vars.B = "b"\n'],
  ])('is shown for a file with %s', (_what, before) => {
    expect(refused(before, setting())).toContain('wrangler.toml yourself, into [vars]:\nA = "new"');
  });

  it('goes into an environment with a dot in its name', () => {
    const before = '[env."v1.2"]\nname = "b"\n[env."v1.2".vars]\nB = ""\n';
    const inDotted = setting('new', 'A', 'env/v1.2/vars');
    expect(parse(changed(before, inDotted))).toEqual({
      env: { 'v1.2': { name: 'b', vars: { A: 'new', B: '' } } },
    });
    expect(parse(changed('[env."v1.2"]\n', inDotted))).toEqual({
      env: { 'v1.2': { vars: { A: 'new' } } },
    });
    expect(refused('env."v1.2" = 1\n', inDotted)).toContain('into [env."v1.2".vars]:');
  });

  it('leaves a list that is as wanted, with the comments in it', () => {
    const before = '[secrets]\nrequired = [\n  "A", # for Stripe\n  "B",\n]\n';
    expect(changed(before, setting(['A', 'B'], 'required', 'secrets'))).toBe(before);
  });

  it('takes the place of a list of several lines', () => {
    const before = '[secrets]\nrequired = [\n  "A",\n  "B",\n] # all\n';
    const after = '[secrets]\nrequired = ["A", "B", "C"] # all\n';
    expect(changed(before, setting(['A', 'B', 'C'], 'required', 'secrets'))).toBe(after);
  });

  it('does not take comments out of a list', () => {
    const before = '[secrets]\nrequired = [\n  "A", # for Stripe\n  "B",\n]\n';
    expect(refused(before, setting(['A', 'B', 'C'], 'required', 'secrets'))).toContain(
      'required = ["A", "B", "C"]',
    );
  });
});

describe('routes', () => {
  const ROUTES = [{ pattern: 'a.example/billing*', zone: 'a.example' }];
  const set = (environment?: string) => () => setRoutes(directory, environment, ROUTES);
  const ours = { pattern: 'a.example/billing*', zone_name: 'a.example' };

  it.each<[string, string, unknown[], string]>([
    ['an empty list of two lines', 'routes = [\n]\n[vars]\n', [ours], ''],
    ['a comment behind an empty list', 'routes = [] # none yet\n[vars]\n', [ours], '# none yet'],
    [
      'two routes',
      'routes = ["b.example/*", "c.example/*"]\n',
      [ours, 'b.example/*', 'c.example/*'],
      '',
    ],
    [
      'a table for each',
      '# b\n[[routes]] # first\npattern = "b.example/*"\nzone_name = "b.example"\n',
      [ours, { pattern: 'b.example/*', zone_name: 'b.example' }],
      '[[routes]] # first',
    ],
    ['the same route', 'routes = ["a.example/billing*"]\n', [ours], ''],
    ['a quoted key', '"routes" = []\n', [ours], '"routes" ='],
    ['a header in a string', 'note = """\n[x]\n"""\n[vars]\n', [ours], '[x]'],
    ['nothing', '', [ours], ''],
    ['CRLF', 'name = "x"\r\n\r\n# mine\r\n[vars]\r\n', [ours], '\r\n\r\n# mine\r\n[vars]\r\n'],
  ])('go into a file with %s', (_what, before, routes, kept) => {
    const after = changed(before, set());
    expect(parse(after)).toEqual({ ...parse(before), routes });
    expect(after).toContain(kept);
    if (before.includes('\r')) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it.each([
    ['', undefined, 'above its first table, in place of route'],
    ['[env.b] # second\n', 'b', 'in [env.b], in place of route'],
  ])('never stand beside route: %j', (header, environment, place) => {
    const message = refused(`${header}route = "*.example.com/*"\n`, set(environment));
    expect(message).toContain(place);
    expect(message).toContain('routes = [\n');
    expect(message).toContain('  "*.example.com/*",');
  });

  it('stay as they are, where all of them are there', () => {
    const before =
      'routes = [\n  # the shop\n  { pattern = "a.example/billing*", zone_name = "a.example" },\n]\n';
    expect(changed(before, set())).toBe(before);
  });

  it('go into an environment with a dot in its name', () => {
    const after = changed('[[env."v1.2".routes]]\npattern = "b.example"\n', set('v1.2'));
    expect(parse(after)).toEqual({
      env: { 'v1.2': { routes: [ours, { pattern: 'b.example' }] } },
    });
  });

  it('go into an environment whose header has a comment', () => {
    const after = changed('[env.b] # second\n[env.b.vars]\n', set('b'));
    expect(parse(after)).toEqual({ env: { b: { routes: [ours], vars: {} } } });
  });

  it('are shown where there is no header', () => {
    expect(refused('env = { b = {} }\n', set('b'))).toContain('in [env.b]');
  });
});

it('adds an environment in the line ends of the file, or shows it', () => {
  const add = () => addEnvironment(directory, 'b', { name: 'b' });
  const after = changed('name = "a"\r\n', add);
  expect(after).toMatch(/^name = "a"\r\n\r\n# .*\r\n\[env\.b\]\r\nname = "b"\r\n$/);
  expect(refused('env = {}\n', add)).toContain('[env.b]\nname = "b"');
});

it('names a line that cannot be read without its values', () => {
  writeFileSync(path, '[vars]\nAPI_KEY = "sk_live_51Habcdefgh" B = ""\n');
  expect(() => readConfig(directory)).toThrow(/cannot be read\. line 2, column \d+: /);
  expect(() => readConfig(directory)).not.toThrow(/sk_live/);
});

it('adds an environment with a dot in its name, and settings that need quotes', () => {
  const environment = { name: 'b', vars: { 'a b': '1' } };
  const after = changed('name = "a"\n', () => addEnvironment(directory, 'v1.2', environment));
  expect(parse(after)).toEqual({ name: 'a', env: { 'v1.2': environment } });
});
