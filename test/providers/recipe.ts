import { readFileSync } from 'node:fs';

const RECIPES = readFileSync('src/identity/SESSIONS.md', 'utf8');

/** A recipe as it is printed: its settings, but the addresses of its example, and its code. */
export function recipe(title: string): { settings: Record<string, string>; code: string } {
  const [, section] = RECIPES.split(`\n### ${title}\n`);
  const [toml, code = ''] = [...(section?.split('\n### ')[0] ?? '').matchAll(BLOCK)].map(
    ([, text = '']) => text,
  );
  if (toml === undefined) throw new Error(`There is no recipe for ${title}.`);
  const pairs = [...toml.matchAll(/^(\w+) = "(.*)"$/gm)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  );
  const { PUBLIC_ORIGIN: _, ...settings } = Object.fromEntries(pairs);
  return { settings, code };
}

const BLOCK = /```\w+\n([\s\S]*?)```/g;
