import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set for `npm run record:release`. */
    recordsRelease: boolean;
  }
}

/** What the Worker of one test ran on tables that were empty, in this order. */
export type Scenario = { sql: string; params: unknown[] }[];

/** What a release asks D1. A run of a statement is its place in the list, and its values. */
export type Release = {
  /** The files that made its tables. */
  migrations: string[];
  statements: string[];
  scenarios: [place: number, ...values: unknown[]][][];
};

const scenarios: Scenario[] = [];

/** D1 as it is. While a release is recorded, it notes the statements that go through it. */
export function createRecorder(): (database: D1Database) => D1Database {
  if (!inject('recordsRelease')) return (database) => database;
  const scenario: Scenario = [];
  scenarios.push(scenario);
  const prepare = (database: object, text: string) => {
    const statement = (database as D1Database).prepare(text);
    const sql = text.trim().replaceAll(/\s+/g, ' ');
    const bind = (...params: unknown[]) => {
      scenario.push({ sql, params });
      return statement.bind(...params);
    };
    return { bind };
  };
  const recorded = (target: object): object =>
    new Proxy(target, {
      get(object, property) {
        if (property === 'prepare') return (sql: string) => prepare(object, sql);
        const value: unknown = Reflect.get(object, property);
        if (typeof value !== 'function') return value;
        return (...values: unknown[]) => {
          const result: unknown = Reflect.apply(value, object, values);
          return property === 'withSession' ? recorded(result as object) : result;
        };
      },
    });
  return (database) => recorded(database) as D1Database;
}

/** The scenarios since this was last called. */
export const takeScenarios = () => scenarios.splice(0);
