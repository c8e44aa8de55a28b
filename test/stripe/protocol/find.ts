import { missing } from './errors.ts';

type Findable = { livemode: boolean };

/** Looks an object up in the key's mode; the refusal tells when the other mode has one. */
export function find<Item extends Findable>(
  items: ReadonlyMap<string, Item>,
  livemode: boolean,
  noun: string,
  id: string,
  param = 'id',
): Item {
  const item = items.get(id);
  if (item?.livemode === livemode) return item;
  throw missing(noun, id, param, item ? otherMode(livemode) : '');
}

function otherMode(livemode: boolean): string {
  const [mine, other] = livemode ? ['live', 'test'] : ['test', 'live'];
  const hint = `a similar object exists in ${other} mode`;
  return `; ${hint}, but a ${mine} mode key was used to make this request.`;
}
