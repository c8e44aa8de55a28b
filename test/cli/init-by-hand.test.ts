import { parse } from 'smol-toml';
import { expect, it } from 'vitest';
import { workerSettings } from '../../.ci/package/templates.ts';
import { formatOf } from '../../src/cli/config-file/formats.ts';
import { linesByHand } from '../../src/cli/init/by-hand.ts';
import { textBeside } from '../with-email.ts';

const lines = (given: object) =>
  linesByHand('/nowhere', formatOf('wrangler.jsonc'), { ...given }, {}, false).filter((line) =>
    line.includes('run_worker_first'),
  );

it('says of each environment which addresses its assets must leave to the Worker', () => {
  const all = { not_found_handling: 'single-page-application', run_worker_first: true };
  const notFound = { not_found_handling: '404-page' };
  const env = { staging: { assets: notFound }, preview: { assets: all }, third: {} };
  expect(lines({ assets: all, env })).toEqual([
    'in env.staging.assets, set "run_worker_first": ["/billing", "/billing/*"]: otherwise the link opens your own page',
  ]);
});

it('asks for the flag that a Worker needs, and for none of those that only make it start sooner', () => {
  const template = parse(workerSettings(textBeside()));
  const given = { ...template, compatibility_flags: ['nodejs_compat'] };
  const flags = (isMount: boolean) =>
    linesByHand('/nowhere', formatOf('wrangler.toml'), given, template, isMount).filter((line) =>
      line.includes('compatibility'),
    );
  expect(flags(false)).toEqual(['add "global_fetch_strictly_public" to compatibility_flags']);
  expect(flags(true)).toEqual([]);
});
