import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import { integer, required, string } from '../protocol/parameters.ts';
import { invalid, refuse } from '../protocol/errors.ts';
import { newestFirst } from '../protocol/lists.ts';
import { parseQuery } from './search-query.ts';
import type { Clause } from './search-query.ts';
import type { Customer } from '../objects.ts';
import type { Endpoint } from '../protocol/endpoint.ts';

const path = '/v1/customers/search';

export const customerSearch: Endpoint = endpoint<Stripe.CustomerSearchParams>()({
  method: 'GET',
  path,
  permission: 'rak_customer_read',
  parameters: { query: required(string), limit: integer(1, 100), page: string },
  unmodelled: {},
  returns: 'list:customer',
  answer({ state, livemode, parameters }) {
    if (state.searchRefused) {
      refuse('The search feature is temporarily unavailable in your region.');
    }
    const { limit = 10, page } = parameters;
    const { clauses, any } = parseQuery(parameters.query);
    const visibleUntil = Math.floor((state.now() - state.searchLag) / 1000);
    const found = newestFirst(state.customers.values(), livemode)
      .filter((customer) => !customer.deleted && customer.created <= visibleUntil)
      .filter((customer) => {
        const results = clauses.map((clause) => matches(customer, clause));
        return any ? results.includes(true) : !results.includes(false);
      });
    const start = page === undefined ? 0 : decodePage(page);
    const end = start + limit;
    const more = found.length > end;
    return {
      object: 'search_result',
      data: found.slice(start, end),
      has_more: more,
      next_page: more ? btoa(`offset:${end}`) : null,
      url: path,
    };
  },
});

// Stripe's search compares without regard to case: who needs more compares again.
function matches(customer: Customer, clause: Clause): boolean {
  const value = clause.value.toLowerCase();
  const actual = valueOf(customer, clause)?.toLowerCase();
  const equal = clause.operator === ':' ? actual === value : actual?.includes(value) === true;
  return equal !== clause.negated;
}

function valueOf(customer: Customer, { field, key }: Clause): string | null | undefined {
  switch (field) {
    case 'email':
    case 'name':
    case 'phone':
      return customer[field];
    case 'metadata':
      return Object.hasOwn(customer.metadata, key) ? customer.metadata[key] : null;
    default: {
      const message = `Field \`${field}\` is an unsupported search field for resource \`customers\`.`;
      throw invalid('query', message);
    }
  }
}

function decodePage(page: string): number {
  try {
    const offset = /^offset:(\d+)$/.exec(atob(page))?.[1];
    if (offset !== undefined) return Number(offset);
  } catch {
    // Not base64: refused like any other page that was never handed out.
  }
  throw invalid('page', `Invalid page: ${page}`);
}
