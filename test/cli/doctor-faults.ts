import { expect } from 'vitest';
import { diagnose, troubles } from './diagnose.ts';
import { workplace } from './use-workplace.ts';

export type Fault = [what: string, make: () => unknown, found: string];

/** Doctor names what was made wrong, says what to do, and finds nothing else. */
export async function expectNamed(make: () => unknown, found: string): Promise<void> {
  await make();
  const diagnosis = await diagnose(workplace);
  expect(troubles(diagnosis)).toEqual([found]);
  expect(diagnosis.status).toBe(found.endsWith('failure') ? 2 : 1);
  const named = diagnosis.checks.find(({ check }) => found.startsWith(`${check}:`))!;
  expect(named.next).toMatch(/\w{3}/);
  expect(named.found).not.toMatch(/undefined|\[object|_0000000/);
}

/** Changes the settings of wrangler.toml. */
export const configure = (settings: Record<string, string>) => () => workplace.configure(settings);

/** Changes a line of .dev.vars. */
export const rewrite = (name: string, value: string) => {
  const lines = workplace
    .read('.dev.vars')
    .split('\n')
    .filter((line) => !line.startsWith(name));
  workplace.write('.dev.vars', [...lines, `${name}=${value}`].join('\n'));
};
