import { breakable } from './breakable.tsx';
import type { Frame } from './frame.ts';

/** The button of a link's page. Its value says what the visitor agreed to. */
export const BUTTON = { name: 'open', plain: 'link', instead: 'instead' } as const;

/** The box that a person ticks where the browser does not tell who pressed (http/press.ts). */
export const TICK = { name: 'myself', value: 'yes' } as const;

/** The field of a button that opens the portal's home, whatever the link was asked for. */
export const HOME = { name: 'home', value: 'yes' } as const;

export type OpenButton = { name: string; value: string };

/** A button of a link's page. */
export function OpenForm({
  token,
  frame,
  choice,
  isHome = false,
  button,
  asksTick,
  look = 'button',
  children,
}: {
  token: string;
  frame: Frame;
  /** Which of several, and the button's full name for screen readers. */
  choice?: { name: string; value: string; label?: string; describedBy?: string } | undefined;
  isHome?: boolean;
  button: OpenButton;
  /** Of several buttons none asks: the page does for the one that was pressed. */
  asksTick: boolean;
  look?: string | undefined;
  children: string;
}) {
  return (
    <form method="post" action="/billing/manage" class={asksTick ? 'row' : undefined}>
      <input type="hidden" name="token" value={token} />
      {choice && <input type="hidden" name={choice.name} value={choice.value} />}
      {isHome && <input type="hidden" name={HOME.name} value={HOME.value} />}
      {asksTick && (
        <label class="tick">
          <input type="checkbox" name={TICK.name} value={TICK.value} required />
          <span>{frame.locale.language.link.openedMyself}</span>
        </label>
      )}
      <button
        class={look}
        type="submit"
        name={button.name}
        value={button.value}
        aria-label={choice?.label}
        aria-describedby={choice?.describedBy}
      >
        {breakable(children)}
      </button>
    </form>
  );
}
