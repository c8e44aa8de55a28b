import { CANCELLED, STOPPED } from './failure.ts';

// A terminal signals all processes of a command, and npm hands its signal on to the script.
const ONE_PRESS_MILLISECONDS = 1_000;

type Listener = () => void;

type Interrupts = {
  /** Hears each press. Returns an undo. */
  hear: (listener: Listener) => Listener;
  /** Hears one press, and leaves the next to others. Returns an undo. */
  hearOnce: (listener: Listener) => Listener;
  press: () => void;
};

/**
 * Who hears Ctrl-C: the listener that came last, else `end`. Signals that come close together are
 * one press.
 *
 * @param now  in milliseconds
 */
export function createInterrupts(
  end: Listener,
  now: () => number = () => performance.now(),
): Interrupts {
  const listeners = new Set<Listener>();
  let pressedAt = -Infinity;
  const hear = (listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    hear,
    hearOnce(listener) {
      const release = hear(() => {
        release();
        listener();
      });
      return release;
    },
    press() {
      if (now() - pressedAt < ONE_PRESS_MILLISECONDS) return;
      pressedAt = now();
      ([...listeners].at(-1) ?? end)();
    },
  };
}

/** Those of this process. */
export const interrupts = createInterrupts(() => {
  process.stderr.write(`\n${STOPPED}\n`);
  process.exit(CANCELLED);
});
