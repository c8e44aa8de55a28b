/** What has to be stopped at the end, in the order opposite to how it was begun. */
export function createStops() {
  const stops: (() => unknown)[] = [];
  const state = { underWay: false };

  async function run(): Promise<void> {
    state.underWay = true;
    for (const stop of stops.splice(0).toReversed()) await stop();
  }

  // A terminal that is closed takes no more output.
  process.stdout.on('error', () => {});
  // From the beginning, so that a Ctrl-C during the start leaves nothing behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (state.underWay) return;
      console.log('\nStopping.');
      void run().then(() => process.exit(0));
    });
  }

  return {
    add: (stop: () => unknown) => stops.push(stop),
    run,
    get underWay() {
      return state.underWay;
    },
  };
}
