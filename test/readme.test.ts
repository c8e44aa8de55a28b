import { expect, it } from 'vitest';
import { catalogue } from '../src/errors/catalogue.ts';
import { checks } from '../src/cli/doctor/checks.ts';
import { settingNames } from '../src/config/settings.ts';
import { EVENT_TYPES } from '../src/customers/events.ts';
import readme from '../README.md?raw';
import codes from '../src/errors/README.md?raw';

it('names each setting and event', () => {
  const unexplained = [...settingNames, ...EVENT_TYPES].filter(
    (name) => !readme.includes(`\`${name}\``),
  );
  expect(unexplained).toEqual([]);
});

it('explains exactly the codes and the checks that there are', () => {
  const rows = codes.matchAll(/^\| *(`[^|]*)\|/gm);
  const explained = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  const names = [...Object.keys(catalogue), ...Object.keys(checks)];
  expect(new Set(explained)).toEqual(new Set(names));
  expect(explained).toHaveLength(names.length);
});
