/** What begins and ends, in order, at what the Worker waits for. */
export type Waits = {
  log: string[];
  /** Notes the beginning and the end of a wait. */
  note: <T>(what: string, wait: () => Promise<T>) => Promise<T>;
};

export function createWaits(): Waits {
  const log: string[] = [];
  const note = async <T>(what: string, wait: () => Promise<T>): Promise<T> => {
    log.push(`${what} begins`);
    try {
      return await wait();
    } finally {
      log.push(`${what} ends`);
    }
  };
  return { log, note };
}

/** The waits of a log in a row: those that begin before another has ended count together. */
export function inARow(log: string[]): string[][] {
  const rows: string[][] = [];
  let running = 0;
  for (const entry of log) {
    const [, what = '', end] = /^(.*) (begins|ends)$/.exec(entry) ?? [];
    if (end === 'ends') {
      running -= 1;
      continue;
    }
    if (running === 0) rows.push([]);
    rows.at(-1)?.push(what);
    running += 1;
  }
  return rows;
}

/** D1 as it is, with a note of each statement that is run. */
export function noteStatements(database: D1Database, { note }: Waits): D1Database {
  const statement = (real: D1PreparedStatement): object => ({
    bind: (...values: unknown[]) => statement(real.bind(...values)),
    all: async () => note('D1', async () => real.all()),
  });
  const noted = {
    prepare: (text: string) => statement(database.prepare(text)),
    withSession: () => noted,
  };
  return noted as unknown as D1Database;
}
