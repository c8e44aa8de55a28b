import { sql, type SQL } from 'drizzle-orm';
import { EVIDENCE } from '../mapping.ts';

// Stronger evidence replaces a mapping; a checkout or an address only maps where nobody is yet.
// An operator may have said that it is nobody: then there is evidence, and no subject.
const isMappedAnew = sql`(state ->> 'subject' is not null and (coalesce(subject, evidence) is null
  or state ->> 'evidence' >= max(coalesce(evidence, ${EVIDENCE.unknown}), ${EVIDENCE.listed})))`;

// A conflict leaves a mapping as it is, unless the first fill has only come by it.
const isUnmapped = sql`(state ->> 'conflict' and evidence = ${EVIDENCE.listed})`;

/**
 * Writes states, as JSON, that each have a ticket. The first statement puts the ticket on the rows
 * that it wins. The others follow that ticket.
 */
export function writesOf(states: string, now: number): SQL[] {
  const won = sql`
    select state.value as state, state.value ->> 'id' as id
    from json_each(${states}) as state join customers on customers.id = state.value ->> 'id'
    where customers.synced_ticket = state.value ->> 'ticket'`;
  return [
    sql`
      update customers set
        subject = case when ${isMappedAnew} then state ->> 'subject'
          when ${isUnmapped} then null else subject end,
        evidence = case when ${isMappedAnew} then state ->> 'evidence'
          when ${isUnmapped} then null else evidence end,
        conflict = iif(evidence = ${EVIDENCE.operator}, 0, coalesce(state ->> 'conflict', conflict)),
        email = state ->> 'email',
        name = state ->> 'name',
        livemode = coalesce(state ->> 'livemode', livemode),
        created_at = coalesce(state ->> 'createdAt', created_at),
        deleted_at = iif(state ->> 'kind' = 'deleted', coalesce(deleted_at, ${now}), null),
        synced_ticket = state ->> 'ticket',
        synced_at = ${now}
      from (select value as state from json_each(${states}))
      where customers.id = state ->> 'id' and synced_ticket < state ->> 'ticket'`,
    sql`delete from subscriptions where customer_id in (select id from (${won}))`,
    sql`
      insert into subscriptions (id, customer_id, status, items, current_period_end, cancel_at,
        trial_end, paused, resumes_at, terms, created_at)
      select row.value ->> 'id', won.id, row.value ->> 'status', row.value -> 'items',
        row.value ->> 'currentPeriodEnd', row.value ->> 'cancelAt', row.value ->> 'trialEnd',
        row.value ->> 'paused', row.value ->> 'resumesAt', row.value -> 'terms',
        row.value ->> 'createdAt'
      from (${won}) as won, json_each(won.state -> 'subscriptions') as row
      where true
      on conflict (id) do update set customer_id = excluded.customer_id`,
  ];
}
