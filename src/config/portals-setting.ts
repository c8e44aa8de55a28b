import * as v from 'valibot';
import { command } from '../commands.ts';
import { FEATURES, UPDATES, type Portal, type Portals } from '../portal/portals.ts';

const needsPortals = `correct it, or put back what \`${command('setup')}\` wrote. Or empty it, and run that again. Wrong is`;

const ids = (pattern: RegExp) =>
  v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.regex(pattern))), v.minLength(1, 'it names nothing')),
  );

const rule = () =>
  v.pipe(
    v.strictObject({
      roles: ids(/\S/),
      products: ids(/^[\w-]+$/),
      prices: ids(/^[\w-]+$/),
    }),
    v.check((given) => Object.keys(given).length > 0, 'a rule needs roles, products or prices'),
  );

// Built where the setting is set: few sites have several portals, and a start need not wait for it.
const portal = () =>
  v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/)),
    id: v.pipe(v.string(), v.regex(/^bpc_\w+$/)),
    features: v.array(v.picklist(FEATURES)),
    updates: v.optional(v.array(v.picklist(UPDATES)), []),
    coupon: v.optional(v.pipe(v.string(), v.nonEmpty())),
    rules: v.optional(v.array(rule()), []),
  });

const list = () =>
  v.pipe(
    v.array(portal()),
    v.minLength(1, 'there is no portal'),
    v.check(
      (given) => given.at(-1)?.rules.length === 0,
      'the last portal is for everybody else and has no rules',
    ),
    v.check(
      (given) => given.slice(0, -1).every(({ rules }) => rules.length > 0),
      'every portal but the last needs a rule',
    ),
    v.check(
      (given) => new Set(given.map(({ name }) => name)).size === given.length,
      'two portals have the same name',
    ),
  );

/** One of the portals in the setting PORTALS: portal.toml, in short. */
export type WrittenPortal = v.InferInput<ReturnType<typeof portal>>;

/**
 * The setting PORTALS: JSON, in the order in which the portals are tried. Setup writes
 * it, so a person who sees its remedy has changed it by hand.
 */
export const portalsSetting = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Portals => {
    const result = v.safeParse(list(), parseJson(dataset.value));
    const portals = result.success ? result.output.map(toPortal) : [];
    const fallback = portals.pop();
    if (fallback) return { ruled: portals, fallback };
    const problems = result.issues?.map(describe) ?? [];
    addIssue({ message: `${needsPortals} ${problems.join('; ')}.` });
    return NEVER;
  }),
);

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? 'the value'} (${issue.message})`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const toPortal = ({ id, coupon, ...others }: v.InferOutput<ReturnType<typeof portal>>): Portal => ({
  ...others,
  configuration: id,
  coupon,
});

/** What PORTAL_CONFIGURATION stands for: one portal, of which nothing more is known. */
export const onlyPortal = (configuration: string | undefined): Portals => ({
  ruled: [],
  fallback: {
    name: 'default',
    configuration,
    features: undefined,
    updates: undefined,
    coupon: undefined,
    rules: [],
  },
});
