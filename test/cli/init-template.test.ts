import { parse } from 'smol-toml';
import { expect, it } from 'vitest';
import { workerSettings } from '../../.ci/package/templates.ts';
import { textBeside } from '../with-email.ts';

const clone = textBeside();

it('gives an operator the settings of a clone, for a Worker that Wrangler bundles', () => {
  const text = workerSettings(clone);
  const { no_bundle, find_additional_modules, rules, build, ...rest } = parse(clone);
  expect([no_bundle, find_additional_modules]).toEqual([true, true]);
  expect([rules, build]).not.toContain(undefined);
  expect(parse(text)).toEqual({
    ...rest,
    main: 'src/index.ts',
    minify: true,
    keep_names: false,
    compatibility_flags: (rest['compatibility_flags'] as string[]).filter(
      (flag) => flag !== 'new_module_registry',
    ),
    d1_databases: [
      expect.objectContaining({ migrations_dir: 'node_modules/portal-link/migrations' }),
    ],
  });
});

it('says nothing to an operator of what only a clone has', () => {
  expect(workerSettings(clone)).not.toMatch(/\.ci\/|\.wrangler|npm run|first imported/);
});
