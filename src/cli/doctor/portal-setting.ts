import { isDeepStrictEqual } from 'node:util';
import type { Portal } from '../../portal/portals.ts';
import { PORTAL_FILE } from '../portal/file.ts';
import { isManaged } from '../portal/marks.ts';
import { plannedPortals, withoutRule, type Planned } from '../portal/planned.ts';
import { inOrder, writtenPortals } from '../portal/written.ts';
import type { Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { ok, warning, type Finding } from './finding.ts';
import type { Read } from './portal-configuration.ts';
import type { Subject } from './subject.ts';

/** Whether PORTALS, which the Worker reads, is what setup would make of portal.toml today. */
export function examineSetting(
  { portalFile, target }: Subject,
  read: readonly Read[],
  mode: Mode,
): Finding {
  const setup = setupCommand(target);
  if (!portalFile) return ok('portal_setting', `There is no ${PORTAL_FILE} to compare it with.`);
  const written = writtenPortals(target.variables);
  if (!written) {
    const names = portalFile.named.map(({ name }) => name).join(', ');
    const isOwn = read.some(({ configuration }) => isManaged(configuration));
    if (names === '' && !isOwn) return ok('portal_setting', 'Not set: everybody gets one portal.');
    const found = names === '' ? 'the page offers no step of the portal' : `nobody gets ${names}`;
    const emptied = isOwn ? '' : 'Empty PORTAL_CONFIGURATION. ';
    return warning('portal_setting', `PORTALS is empty: ${found}.`, `${emptied}Run ${setup}.`);
  }
  const planned = plannedPortals(portalFile, mode);
  const changed = changes(inOrder(written), planned);
  if (changed.length > 0) {
    const found = `PORTALS is not what ${PORTAL_FILE} says now: ${changed.join('; ')}.`;
    return warning('portal_setting', found, `Run ${setup}.`);
  }
  const idle = withoutRule(portalFile, mode);
  const note = idle.length > 0 ? ` Without a rule for ${mode} mode: ${idle.join(', ')}.` : '';
  return ok('portal_setting', `As ${PORTAL_FILE} says.${note}`);
}

function changes(written: readonly Portal[], planned: readonly Planned[]): string[] {
  const names = { is: written.map(({ name }) => name), wanted: planned.map(({ name }) => name) };
  const missing = names.wanted.filter((name) => !names.is.includes(name));
  const surplus = names.is.filter((name) => !names.wanted.includes(name));
  const both = names.wanted.filter((name) => names.is.includes(name));
  const isSorted = isDeepStrictEqual(
    names.is.filter((name) => both.includes(name)),
    both,
  );
  const differing = planned.flatMap(({ name, rules, coupon }) => {
    const is = written.find((portal) => portal.name === name);
    if (!is) return [];
    return [
      ...(isDeepStrictEqual(plain(is.rules), plain(rules)) ? [] : [`other rules of ${name}`]),
      ...(is.coupon === coupon ? [] : [`another coupon of ${name}`]),
    ];
  });
  return [
    ...(missing.length > 0 ? [`it lacks ${missing.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`it still has ${surplus.join(', ')}`] : []),
    ...(isSorted ? [] : ['another order']),
    ...differing,
  ];
}

/** Without keys that are undefined, and without the parser's prototypes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
