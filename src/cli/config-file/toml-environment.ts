import { isTable, tablesIn, type Table, type Value } from './table.ts';
import { toPair } from './toml-entry.ts';

/** TOML that defines [env.NAME], and nothing else. */
export function environmentText(name: string, environment: Table): string {
  const lines = [
    `# A second Worker: \`--env ${name}\` on each command. Its settings are explained above.`,
  ];
  const entries = Object.entries(environment);
  const plain = Object.fromEntries(entries.filter(([, value]) => isPlain(value)));
  if (Object.keys(plain).length > 0) lines.push(`[env.${name}]`, ...pairs(plain), '');
  for (const [key, value] of entries) {
    if (isTable(value)) lines.push(`[env.${name}.${key}]`, ...pairs(value), '');
    for (const item of tablesIn(value)) {
      lines.push(`[[env.${name}.${key}]]`, ...pairs(item), '');
    }
  }
  return lines.join('\n');
}

const isPlain = (value: Value) => !isTable(value) && tablesIn(value).length === 0;

const pairs = (table: Table) => Object.entries(table).map(([key, value]) => toPair({ key, value }));
