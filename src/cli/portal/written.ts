import * as v from 'valibot';
import { portalsSetting, type WrittenPortal } from '../../config/portals-setting.ts';
import type { Portal, Portals } from '../../portal/portals.ts';
import { OperatorProblem } from '../problem.ts';
import { PORTAL_FILE } from './file.ts';
import { abilitiesOf, toWritten, type Planned } from './planned.ts';

// https://developers.cloudflare.com/workers/platform/limits/#environment-variables
const LARGEST = 5 * 1024;

/** The setting PORTALS, if there is one that the Worker can read. */
export function writtenPortals({ PORTALS }: Readonly<NodeJS.Dict<string>>): Portals | undefined {
  if (!PORTALS) return undefined;
  const result = v.safeParse(portalsSetting, PORTALS);
  return result.success ? result.output : undefined;
}

/**
 * By its own portal, setup knows the Worker's key and webhook endpoint. Without it, setup would
 * replace them.
 *
 * @throws OperatorProblem if PORTALS is set and cannot be read
 */
export function refuseUnreadable({ PORTALS }: Readonly<NodeJS.Dict<string>>): void {
  if (!PORTALS) return;
  const [issue] = v.safeParse(portalsSetting, PORTALS).issues ?? [];
  if (!issue) return;
  throw new OperatorProblem(
    `The setting PORTALS cannot be read. To mend it, ${issue.message} Nothing was changed.\n` +
      '  With an empty PORTALS, setup finds its portals again, but not whose key and webhook secret a deployed Worker has: it replaces both.',
  );
}

/** All of them, in the order in which they are tried. */
export const inOrder = ({ ruled, fallback }: Portals): Portal[] => [...ruled, fallback];

/** The setting PORTALS as text. It has no apostrophe: TOML and .dev.vars put it between two. */
export const toSetting = (portals: readonly WrittenPortal[]) =>
  JSON.stringify(portals).replaceAll("'", '\\u0027');

/** @throws OperatorProblem if Cloudflare would not take the setting for these portals */
export function checkSize(portals: readonly Planned[]): void {
  const id = `bpc_${'0'.repeat(24)}`;
  const text = toSetting(portals.map((each) => toWritten(each, id, abilitiesOf(each.settings))));
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST) return;
  throw new OperatorProblem(
    `${PORTAL_FILE}: the setting PORTALS would have ${bytes} bytes, and Cloudflare takes ${LARGEST}. ` +
      'Let rules name products in place of each of their prices, or use fewer portals and shorter names.',
  );
}
