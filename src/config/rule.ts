import type { SettingName, Settings } from './entries.ts';

/** What must hold between settings. */
export type Rule<Name extends SettingName = SettingName> = {
  /** The settings that it looks at. It is asked if one is set, and none is wrong by itself. */
  of: readonly Name[];
  holds: (env: Pick<Settings, Name>) => boolean;
  /** The setting to change, and what to do about it. */
  setting: SettingName;
  remedy: string;
};

/** Makes a rule, which then sees no settings but those that it names. */
export const rule = <Name extends SettingName>(given: Rule<Name>): Rule => given;
