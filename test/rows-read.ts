/** D1 as it is, with a count of the rows that it says it has read. */
export function countRows(database: D1Database): { database: D1Database; rowsRead: () => number } {
  let rows = 0;
  const statements = new WeakMap<object, D1PreparedStatement>();
  const note = <R extends { meta: { rows_read?: number } }>(result: R): R => {
    rows += result.meta.rows_read ?? 0;
    return result;
  };
  const count = (statement: D1PreparedStatement) => {
    const counted = {
      bind: (...values: unknown[]) => count(statement.bind(...values)),
      all: async <T>() => note(await statement.all<T>()),
      run: async <T>() => note(await statement.run<T>()),
    };
    statements.set(counted, statement);
    return counted;
  };
  const watch = (target: Pick<D1Database, 'prepare' | 'batch'>) => ({
    prepare: (sql: string) => count(target.prepare(sql)),
    batch: async <T>(list: object[]) =>
      (await target.batch<T>(list.map((each) => statements.get(each)!))).map(note),
  });
  const counted = {
    ...watch(database),
    withSession: (constraint: D1SessionConstraint) => watch(database.withSession(constraint)),
  };
  return { database: counted as unknown as D1Database, rowsRead: () => rows };
}
