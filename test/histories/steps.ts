import * as fc from 'fast-check';

/** What happens at Stripe. Numbers pick the customer and the subscription. */
export type Change =
  | { do: 'create'; who: number }
  | { do: 'rename' | 'check out' | 'delete'; who: number }
  | { do: 'map'; who: number; subject: string }
  | { do: 'subscribe' | 'cancel' | 'resume' | 'end' | 'upgrade'; who: number; which: number };

/** How its events are delivered, and what goes wrong meanwhile. */
export type Step =
  | Change
  | { do: 'deliver'; picks: number[] }
  /** A delivery reads, then something changes, and the delivery of that comes in first. */
  | { do: 'overtake'; change: Change; milliseconds: number }
  | { do: 'Stripe fails'; how: number; after: number }
  | { do: 'Stripe is slow'; milliseconds: number; after: number }
  | { do: 'D1 fails'; how: number }
  | { do: 'wait'; milliseconds: number };

const who = fc.nat(2);
const which = fc.nat(2);
const subject = fc.constantFrom('a', 'b', 'c');
const just = <const Name extends string>(...names: Name[]) => fc.constantFrom(...names);

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: just('create'), who }) },
  { weight: 2, arbitrary: fc.record({ do: just('rename', 'check out', 'delete'), who }) },
  { weight: 1, arbitrary: fc.record({ do: just('map'), who, subject }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: just('subscribe', 'cancel', 'resume', 'end', 'upgrade'),
      who,
      which,
    }),
  },
);

const milliseconds = fc.integer({ min: 5, max: 40 });
const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });
const after = fc.nat(3);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: change },
  { weight: 5, arbitrary: fc.record({ do: just('deliver'), picks }) },
  { weight: 2, arbitrary: fc.record({ do: just('overtake'), change, milliseconds }) },
  { weight: 1, arbitrary: fc.record({ do: just('Stripe fails'), how: fc.nat(2), after }) },
  { weight: 2, arbitrary: fc.record({ do: just('Stripe is slow'), milliseconds, after }) },
  { weight: 1, arbitrary: fc.record({ do: just('D1 fails'), how: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: just('wait'), milliseconds: fc.nat(8) }) },
);

export const history = fc.array(step, { minLength: 8, maxLength: 30 });
