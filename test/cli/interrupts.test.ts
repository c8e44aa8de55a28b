import { expect, it } from 'vitest';
import { createInterrupts } from '../../src/cli/interrupts.ts';

/** Ctrl-C at a time in milliseconds, and what it leads to. */
function world() {
  const heard: string[] = [];
  let now = 0;
  const interrupts = createInterrupts(
    () => heard.push('end'),
    () => now,
  );
  const press = (at: number) => {
    now = at;
    interrupts.press();
  };
  return { ...interrupts, heard, press };
}

it('takes the signal that npm hands on for the same press, also when the work has just stopped', () => {
  const { hearOnce, heard, press } = world();
  const release = hearOnce(() => heard.push('stop'));
  press(0);
  press(5);
  release();
  press(300);
  expect(heard).toEqual(['stop']);
});

it('ends the command at a second press', () => {
  const { hearOnce, heard, press } = world();
  hearOnce(() => heard.push('stop'));
  press(0);
  press(1_500);
  expect(heard).toEqual(['stop', 'end']);
});

it('ends a command that does not listen', () => {
  const { hearOnce, heard, press } = world();
  hearOnce(() => heard.push('stop'))();
  press(0);
  expect(heard).toEqual(['end']);
});

it('lets no press into a change that must not be left half done', () => {
  const { hear, hearOnce, heard, press } = world();
  hearOnce(() => heard.push('stop'));
  const release = hear(() => {});
  press(0);
  press(1_500);
  release();
  press(3_000);
  expect(heard).toEqual(['stop']);
});
