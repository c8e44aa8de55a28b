import { parse } from 'smol-toml';
import type { Member, Part } from './jsonc-text.ts';
import { isTable, type Value } from './table.ts';

/** Tables of TOML as entries of JSON, with their comments. Those of one list become one entry. */
export function membersFrom(blocks: readonly string[]): Member[] {
  const members = new Map<string, Member>();
  for (const { comment, name, value, parts } of blocks.map(memberFrom)) {
    const before = members.get(name);
    if (!Array.isArray(value)) members.set(name, { comment, name, value, ...(parts && { parts }) });
    else {
      const items = value.map((item): Part => ({ comment, value: item }));
      members.set(name, {
        name,
        value: [...(Array.isArray(before?.value) ? before.value : []), ...value],
        parts: [...(before?.parts ?? []), ...items],
      });
    }
  }
  return [...members.values()];
}

/** Comments behind the last entry are about what is switched off: in TOML, so they are left out. */
function memberFrom(block: string) {
  const [[name, value] = ['', {}]] = Object.entries<Value>(parse(block));
  const parts: Part[] = [];
  let above: string[] = [];
  let comment: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('#')) above.push(inJson(line.replace(/^# ?/, '')));
    else if (line.startsWith('[')) comment = above.splice(0);
    else if (line.trim() === '') above = [];
    else {
      const [[key, item] = ['', {}]] = Object.entries<Value>(parse(line));
      parts.push({ comment: above.splice(0), name: key, value: item });
    }
  }
  return { comment, name, value, parts: isTable(value) ? parts : undefined };
}

/** What a comment calls a table, and its file. */
const inJson = (comment: string) =>
  comment.replaceAll(/\[{1,2}([\w.]+)\]{1,2}/g, '"$1"').replaceAll('wrangler.toml', 'this file');
