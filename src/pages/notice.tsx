import type { Change } from '../portal/visit.ts';
import { isolate } from './isolate.ts';
import type { Locale } from './locale.ts';
import { formatDay } from './money.ts';

/** What has happened, a sentence each; none if nothing has. */
export function newsIn(
  locale: Locale,
  changes: Change[],
  flowUnavailable: boolean,
  about: 'settled' | 'nothing' | undefined,
): string[] {
  const { language } = locale;
  const changed = changes.map((change) => sentenceOf(change, locale));
  if (flowUnavailable) return [language.flowUnavailable, ...changed];
  return about === undefined ? changed : [language.due[about], ...changed];
}

function sentenceOf(
  { kind, product, cancelAt, seats }: Change,
  { language: { changes, aSubscription }, tag }: Locale,
): string {
  const name = product === undefined ? aSubscription : isolate(product);
  if (kind === 'seats') {
    const [from, to] = seats.map((count) => count.toLocaleString(tag));
    return changes.seats(name, `${from} → ${to}`, seats[1]);
  }
  if (kind === 'cancelled' && cancelAt !== null)
    return changes.ends(name, formatDay(cancelAt, tag));
  return changes[kind](name);
}

/** Gets the focus, so that screen readers begin with it: a page that has just loaded announces nothing. */
export function Notice({ sentences }: { sentences: string[] }) {
  return sentences.length === 0 ? null : (
    <div class="notice" role="status" tabindex={-1} autofocus>
      {sentences.map((sentence) => (
        <p>{sentence}</p>
      ))}
    </div>
  );
}
