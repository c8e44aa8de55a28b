import { invalid } from '../protocol/errors.ts';

export type Clause = {
  field: string;
  /** The key of `metadata['key']`, or '' for any other field. */
  key: string;
  operator: ':' | '~';
  value: string;
  negated: boolean;
};

type Groups = Record<string, string | undefined>;
export type Query = { clauses: Clause[]; any: boolean };

const quoted = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const clausePattern = new RegExp(
  String.raw`(?<minus>-?)(?<field>\w+)(?:\[(?<key>${quoted})\])?(?<operator>[:~])(?<value>${quoted})`,
  'y',
);
const separatorPattern = /\s+(?:(?<word>and|or)\s+)?/iy;

/** Stripe's search query language: clauses joined by AND, OR or a space, but not by both. */
export function parseQuery(query: string): Query {
  const clauses: Clause[] = [];
  const words = new Set<string>();
  const source = query.trim();
  let position = 0;
  while (position < source.length) {
    if (position > 0) {
      const separator = matchAt(separatorPattern, source, position);
      words.add(separator['word']?.toLowerCase() ?? 'and');
      position = separatorPattern.lastIndex;
    }
    clauses.push(toClause(matchAt(clausePattern, source, position)));
    position = clausePattern.lastIndex;
  }
  if (clauses.length === 0 || words.size > 1) throw unreadable();
  return { clauses, any: words.has('or') };
}

function matchAt(pattern: RegExp, source: string, position: number): Groups {
  pattern.lastIndex = position;
  const match = pattern.exec(source);
  if (!match) throw unreadable();
  return match.groups ?? {};
}

function toClause(groups: Groups): Clause {
  const { minus, field = '', key, operator, value = '' } = groups;
  if ((field === 'metadata') !== (key !== undefined)) throw unreadable();
  return {
    field,
    key: key === undefined ? '' : unquote(key),
    operator: operator === '~' ? '~' : ':',
    value: unquote(value),
    negated: minus === '-',
  };
}

function unquote(literal: string): string {
  return literal.slice(1, -1).replaceAll(/\\(.)/gs, '$1');
}

function unreadable(): Error {
  const message =
    'We were unable to parse your search query. Please try using the search query language as ' +
    'described at https://stripe.com/docs/search#search-query-language.';
  return invalid('query', message);
}
