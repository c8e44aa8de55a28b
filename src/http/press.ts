import type { Context } from 'hono';

/**
 * Whether a person pressed a button of our page, as far as that shows without a script of ours.
 * Mail scanners open links in a headless browser and submit the forms that they find.
 *
 * 1. The form contains the button's own name. `form.submit()` and an empty `requestSubmit()`
 *    have no submitter and leave it out.
 *    https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-entry-list
 * 2. The request has `Sec-Fetch-User: ?1`: a click, a tap or a key began the navigation. No
 *    script can set it, and a script's `button.click()` lacks it.
 *    https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-user-header
 * 3. Browsers that do not send it show a box to tick. A form is not sent without a required box,
 *    by whatever clicks its button, so a script has to mean it.
 *
 * A browser under remote control that acts as a person does passes for one.
 *
 * @returns 'unknown' where the browser does not tell and the box is not ticked
 */
export function whoPressed(
  c: Context,
  { button, tick }: { button: unknown; tick: unknown },
): 'person' | 'script' | 'unknown' {
  if (!isFilled(button)) return 'script';
  if (c.req.header('sec-fetch-user') === '?1') return 'person';
  if (tellsClicks(c)) return 'script';
  return isFilled(tick) ? 'person' : 'unknown';
}

/**
 * Whether this browser tells a person's click from a script's. Of those with fetch metadata,
 * Chromium and Gecko do, and WebKit does not. (On iOS all browsers are WebKit. They call themselves
 * CriOS and FxiOS.) Safari before 16.4 and Firefox before 90 have no fetch metadata at all.
 */
export function tellsClicks(c: Context): boolean {
  if (c.req.header('sec-fetch-site') === undefined) return false;
  if (c.req.header('sec-ch-ua') !== undefined) return true;
  return /(?:Chrome|Chromium|Firefox)\//.test(c.req.header('user-agent') ?? '');
}

const isFilled = (field: unknown) => typeof field === 'string' && field !== '';
