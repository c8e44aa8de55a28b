import { expect, it } from 'vitest';
import { catalogue } from '../src/catalogue.ts';
import { settingNames } from '../src/settings.ts';
import { EVENT_TYPES } from '../src/customers/events.ts';
import readme from '../README.md?raw';

it('explains each code, setting and event in the README', () => {
  const unexplained = [...Object.keys(catalogue), ...settingNames, ...EVENT_TYPES].filter(
    (name) => !readme.includes(`\`${name}\``),
  );
  expect(unexplained).toEqual([]);
});
