import type { Entry, Table, Value } from './table.ts';

/** Where a table is, key by key: `['env', 'staging', 'vars']`. A key may have a dot in it. */
export type TablePath = readonly string[];

/** One of the formats that Wrangler reads. */
export type Format = {
  /** @throws SyntaxError that says where the text is wrong */
  read: (text: string) => Table;
  /**
   * The text with an entry in a table; no key is the top level. All else stays, comments included.
   * Undefined if the layout does not allow it.
   */
  withEntry: (text: string, table: TablePath, entry: Entry) => string | undefined;
  /**
   * The same for routes of the top level, or of an environment.
   *
   * @param added  those that are new. They come first in `all`
   */
  withRoutes: (
    text: string,
    environment: string | undefined,
    added: readonly Table[],
    all: Value[],
  ) => string | undefined;
  /** The same for a new environment. */
  withEnvironment: (text: string, name: string, environment: Table) => string | undefined;
  /**
   * The same for tables that the file lacks, and for bindings.
   *
   * @param blocks  each in TOML, with the comments above it
   */
  withBlocks: (text: string, blocks: readonly string[]) => string | undefined;
  /** Whether an entry belongs to the table whose header stands above it. */
  isByLine: boolean;
  /** What messages call a table. */
  tableName: (...table: TablePath) => string;
  /** What messages call a list of tables. */
  listName: (...list: TablePath) => string;
  /** An entry, to be copied. */
  shown: (entry: Entry) => string;
  /** Tables with their comments, to be copied. */
  shownBlocks: (blocks: readonly string[]) => string;
  /** Where a new environment can be written by hand, and its lines. */
  newEnvironment: (name: string, environment: Table) => [place: string, lines: string[]];
  /** Where an entry of the top level can be written by hand. */
  top: string;
};
