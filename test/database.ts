type Watched = {
  database: D1Database;
  /** The statements that went through. */
  queries: string[];
  /** The sessions that were asked for. */
  sessions: string[];
  /** What the next statements fail with, in turn, instead of being run; null lets one pass. */
  faults: (string | null)[];
  /** Makes replicas know nothing, or all but these customers, as before they have caught up. */
  lag: (without?: string[]) => void;
  /** Stops replication: from here on, replicas answer from what was written until now. */
  freeze: () => Promise<void>;
};

/** D1 as it is, under observation. */
export function watch(database: D1Database, replica?: D1Database): Watched {
  const queries: string[] = [];
  const sessions: string[] = [];
  const faults: (string | null)[] = [];
  let lags = false;
  let missing: string[] | undefined;
  let isFrozen = false;
  const watched = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(object, property) {
        const value: unknown = Reflect.get(object, property);
        if (typeof value !== 'function') return value;
        return (...values: unknown[]) => {
          if (property === 'prepare') {
            const fault = faults.shift();
            if (fault) throw new Error(fault);
            queries.push(String(values[0]));
          }
          if (property === 'withSession') {
            sessions.push(String(values[0]));
            if (isFrozen && replica && values[0] === 'first-unconstrained') {
              return watched(replica.withSession('first-unconstrained'));
            }
            if (lags && values[0] === 'first-unconstrained') {
              return missing ? replicaWithout(object, missing) : emptyReplica(object);
            }
          }
          const result: unknown = Reflect.apply(value, object, values);
          return property === 'withSession' ? watched(result as object) : result;
        };
      },
    });
  const lag = (without?: string[]) => {
    lags = true;
    missing = without;
  };
  const freeze = async () => {
    if (!replica) throw new Error('There is no replica.');
    await copyTables(database, replica);
    isFrozen = true;
  };
  return { database: watched(database), queries, sessions, faults, lag, freeze };
}

/** D1 that loses its answer to one statement: it was run, and the connection broke. */
export function losingAnswer(database: D1Database, beginning: string): D1Database {
  let isLost = false;
  const watched = <Target extends object>(target: Target, loses = false): Target =>
    new Proxy(target, {
      get(object, property) {
        const value: unknown = Reflect.get(object, property);
        if (typeof value !== 'function') return value;
        return (...values: unknown[]) => {
          const result: unknown = Reflect.apply(value, object, values);
          if (property === 'prepare') {
            return watched(result as object, String(values[0]).trim().startsWith(beginning));
          }
          if (property === 'bind' || property === 'withSession') {
            return watched(result as object, loses);
          }
          if (!loses || isLost) return result;
          isLost = true;
          return (result as Promise<unknown>).then(() => {
            throw new Error('D1_ERROR: Network connection lost.');
          });
        };
      },
    });
  return watched(database);
}

/** A replica to which no row has come yet. */
function emptyReplica(database: object): object {
  const statement = (database as D1Database).prepare('select 1 where false');
  return { prepare: () => ({ bind: () => statement }) };
}

/** A replica to which the rows of some customers have not come yet. */
function replicaWithout(database: object, ids: string[]): object {
  const all = async (text: string, values: unknown[]) => {
    const answer = await (database as D1Database)
      .prepare(text)
      .bind(...values)
      .all<{ id?: string }>();
    return { ...answer, results: answer.results.filter(({ id }) => !ids.includes(id ?? '')) };
  };
  return {
    prepare: (text: string) => ({
      bind: (...values: unknown[]) => ({ all: async () => all(text, values) }),
    }),
  };
}

/** A database that is down, in the words of D1. */
export function brokenDatabase(message: string): D1Database {
  const fail = () => {
    throw new Error(message);
  };
  const statement = { bind: () => statement, all: fail, run: fail, raw: fail, first: fail };
  const database = { prepare: () => statement, batch: fail, withSession: () => database };
  return database as unknown as D1Database;
}

/** All tables but D1's own. */
export async function tableNames(database: D1Database): Promise<string[]> {
  const { results } = await database
    .prepare(
      `select name from sqlite_master where type = 'table'
      and name not glob 'sqlite_*' and name not glob '_cf_*' and name not glob 'd1_*'`,
    )
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Deletes all rows of all tables, D1's own left alone. */
export async function emptyTables(database: D1Database): Promise<void> {
  const names = await tableNames(database);
  await database.batch([
    database.prepare('pragma defer_foreign_keys = true'),
    ...names.map((name) => database.prepare(`delete from "${name}"`)),
  ]);
}

async function copyTables(from: D1Database, to: D1Database): Promise<void> {
  await emptyTables(to);
  // A table comes after those that it refers to.
  for (const table of ['customers', 'subscriptions', 'link_revocations']) {
    const { results } = await from.prepare(`select * from ${table}`).all();
    for (const row of results) {
      const names = Object.keys(row);
      const text = `insert into ${table} (${names.join()}) values (${names.map(() => '?').join()})`;
      await to
        .prepare(text)
        .bind(...Object.values(row))
        .run();
    }
  }
}
