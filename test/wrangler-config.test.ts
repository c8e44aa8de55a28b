import { parse, type TomlTable } from 'smol-toml';
import { expect, it } from 'vitest';
import text from '../wrangler.toml?raw';

const config = parse(text);
const { production } = config['env'] as { production: TomlTable };
const keys = (table: unknown) => Object.keys(table as TomlTable);

it('gives production all that a named environment does not inherit', () => {
  const inherited = ['name', 'main', 'triggers', 'observability', 'env', 'minify', 'keep_names'];
  const own = keys(config).filter(
    (key) => !inherited.includes(key) && !/^(?:compatibility_|upload_)/.test(key),
  );
  expect(keys(production).toSorted()).toEqual(own.toSorted());
  expect(keys(production['vars'])).toEqual(keys(config['vars']));
  expect(production['secrets']).toEqual(config['secrets']);
});

it('gives production a database of its own', () => {
  const [database] = config['d1_databases'] as TomlTable[];
  const [own] = production['d1_databases'] as TomlTable[];
  expect(own).toEqual({ ...database, database_name: 'portal-link-production' });
});
