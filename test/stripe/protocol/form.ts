export type Decoded = string | readonly Decoded[] | { readonly [name: string]: Decoded };
export type DecodedObject = { readonly [name: string]: Decoded };

type Branch = Map<string, Branch | string>;

/** Decodes a form body or a query: `a[b][c]=`, `a[0]=`, `a[]=`, `a[][b]=`. */
export function decodeForm(text: string): DecodedObject {
  const root: Branch = new Map();
  for (const [name, value] of new URLSearchParams(text)) insert(root, segmentsOf(name), value);
  return Object.fromEntries([...root].map(([name, value]) => [name, plain(value)]));
}

/** All parameters of a call: Stripe reads the query and the body alike. */
export async function decodeRequest(request: Request): Promise<DecodedObject> {
  // Not text(): workerd warns of it for each body that is not called text.
  const body =
    request.method === 'GET' ? '' : new TextDecoder().decode(await request.arrayBuffer());
  return { ...decodeForm(new URL(request.url).search), ...decodeForm(body) };
}

function segmentsOf(name: string): string[] {
  const [first = '', ...rest] = name.split('[');
  return [first, ...rest.map((segment) => segment.replace(/\]$/, ''))];
}

function insert(branch: Branch, segments: readonly string[], value: string): void {
  const [segment = '', ...rest] = segments;
  const name = segment || nextIndex(branch, rest[0]);
  if (rest.length === 0) {
    branch.set(name, value);
    return;
  }
  const existing = branch.get(name);
  const child: Branch = existing instanceof Map ? existing : new Map();
  branch.set(name, child);
  insert(child, rest, value);
}

// `a[][b]=1&a[][c]=2` is one element; a name that repeats begins the next one.
function nextIndex(branch: Branch, name: string | undefined): string {
  const last = branch.get(String(branch.size - 1));
  const continues = name !== undefined && last instanceof Map && !last.has(name);
  return String(continues ? branch.size - 1 : branch.size);
}

function plain(value: Branch | string): Decoded {
  if (typeof value === 'string') return value;
  const entries = [...value].map(([name, child]) => [name, plain(child)] as const);
  if (!entries.every(([name]) => /^\d+$/.test(name))) return Object.fromEntries(entries);
  return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
