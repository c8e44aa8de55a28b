import { count } from '../progress.ts';
import { CUSTOMERS_A_SECOND } from './metadata.ts';
import type { Plan, Planned } from './plan.ts';
import type { By, MappingFile } from './read-file.ts';

const WIDTH = 9;

type Options = {
  replaces: boolean;
  /** The command that does the first fill, while it is not complete. */
  fill: string | undefined;
  /** Undefined unless metadata are written. */
  metadataKey: string | undefined;
};

/** The plan in lines for people: what becomes of how many lines, and what to mind. */
export function describePlan(
  { name, by, refusals, repeated }: MappingFile,
  { planned, found }: Plan,
  { replaces, fill, metadataKey }: Options,
): string {
  const of = (kind: Planned['kind']) => planned.filter((each) => each.kind === kind).length;
  const rows: [number: number, what: string][] = [
    [of('maps'), 'get their subject'],
    [of('confirms'), 'have it by what Stripe says, which your word then outranks'],
    [of('kept'), 'have it already, by your word'],
    [
      of('remaps'),
      replaces ? 'get it in place of another' : 'have another, which --replace changes',
    ],
    [of('unknown'), UNKNOWN[by]],
    [of('deleted'), 'were deleted at Stripe'],
    [of('ambiguous'), 'are addresses that several customers have'],
    [refusals.length, 'cannot be used'],
    [repeated, 'say again what another line says'],
  ];
  const lines = rows
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${count(number).padStart(WIDTH)}  ${what}`);
  const notes = [
    ...(by === 'email' ? [VERIFIED] : []),
    ...(of('unknown') > 0 && fill
      ? [`D1 does not have all customers yet: run ${fill} first.`]
      : []),
    ...severalNote(planned),
    ...(metadataKey === undefined ? [] : [metadataNote(metadataKey, found.length)]),
  ];
  return [`Of the lines in ${name}:`, ...lines, ...notes].join('\n');
}

const UNKNOWN: Record<By, string> = {
  customer: 'name customers that D1 does not have',
  email: 'are addresses that no customer has',
};

const VERIFIED =
  'Your site must have verified these addresses. Otherwise somebody who signed up with the address of another person gets that person’s billing account.';

function severalNote(planned: Planned[]): string[] {
  const subjects = new Set(planned.map(({ subject }) => subject)).size;
  const more = planned.length - subjects;
  return more === 0
    ? []
    : [
        `${count(subjects)} subjects are named, some for several customers: their link asks which is meant.`,
      ];
}

function metadataNote(key: string, customers: number): string {
  const minutes = Math.ceil(customers / CUSTOMERS_A_SECOND / 60);
  return `Then metadata.${key} is written at Stripe, for ${CUSTOMERS_A_SECOND} customers a second: at most ${count(minutes)} min. Each is a webhook for the Worker.`;
}
