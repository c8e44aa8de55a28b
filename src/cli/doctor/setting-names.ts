import { settingNames } from '../../config/settings.ts';
import type { Target } from '../target.ts';
import { ok, warning, type Finding } from './finding.ts';

/** Whether the Worker reads all that its `vars` name. An app around us reads some of its own. */
export function examineNames({ door, fileVariables, configFile }: Target): Finding {
  const unknown = fileVariables.filter((name) => !settingNames.includes(name));
  if (door === 'own') {
    if (unknown.length === 0) return ok('settings', 'All of them can be read.');
    return warning(
      'settings',
      `The Worker reads no setting called ${unknown.join(' or ')}.`,
      `Correct the name in ${configFile}, or remove it. There are: ${settingNames.join(', ')}.`,
    );
  }
  const misspelt = unknown.flatMap((name) => {
    const meant = settingNames.find((each) => isOneSlipFrom(plain(name), plain(each)));
    return meant === undefined ? [] : [`${name} (${meant}?)`];
  });
  if (misspelt.length === 0) return ok('settings', 'All of portal-link’s can be read.');
  return warning(
    'settings',
    `portal-link reads no setting called ${misspelt.join(' or ')}.`,
    `Correct the name in ${configFile}. If your app reads it, give it a name that nobody takes for portal-link’s.`,
  );
}

const plain = (name: string) => name.toUpperCase().replaceAll(/[_-]/g, '');

/** Whether one letter is missing, too many or another one, or two have changed places. */
function isOneSlipFrom(given: string, meant: string): boolean {
  let start = 0;
  while (start < given.length && given[start] === meant[start]) start += 1;
  let end = 0;
  const most = Math.min(given.length, meant.length) - start;
  while (end < most && given.at(-1 - end) === meant.at(-1 - end)) end += 1;
  const [one, other] = [given, meant].map((each) => each.slice(start, each.length - end));
  if (one === undefined || other === undefined) return false;
  return (
    (one.length < 2 && other.length < 2) ||
    (one.length === 2 && one[0] === other[1] && one[1] === other[0] && other.length === 2)
  );
}
