import { inkOn, needsEdge, shadeOf } from './brand.ts';

/** The brand's colour is checked by the configuration (#rrggbb). */
const brandIn = (scheme: 'light' | 'dark', color: string) =>
  needsEdge(color, scheme)
    ? '--brand-edge: var(--edge); --mark: var(--edge);'
    : '--brand-edge: transparent; --mark: var(--brand);';

/**
 * The one stylesheet. Colours are plain values, and dark ones are for screens: Safari has had
 * light-dark() since 17.5 only, and paper is white. Sizes of text are in rem, and gaps shrink with
 * the window, so that large text keeps its room. Turnstile's widget is 300 px wide at least: on the
 * narrowest screens it goes beyond its card.
 */
export const stylesheet = (color: string) => `
:root {
  color-scheme: light dark;
  --brand: ${color};
  --on-brand: ${inkOn(color)};
  --shade: ${shadeOf(color)};
  --page: #f6f6f8;
  --card: #fff;
  --line: #e3e4e9;
  --edge: #868a97;
  --text: #16181d;
  --quiet: #5b6070;
  --note: #eeeff4;
  --alert: #b3261e;
  ${brandIn('light', color)}
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0e0f13;
    --card: #181a20;
    --line: #2b2e37;
    --edge: #737887;
    --text: #f1f2f5;
    --quiet: #a4a9b8;
    --note: #20232b;
    --alert: #ffb4ab;
    ${brandIn('dark', color)}
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh;
  display: grid;
  grid-template: auto 1fr auto / minmax(0, 1fr);
  justify-items: center;
  overflow-wrap: anywhere;
  padding: 0 min(1.25rem, 4vw);
  background: var(--page);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
header, main, footer { width: 100%; max-width: 34rem; }
header { padding: 2rem 0 1.25rem; font-weight: 600; }
header a { text-decoration: none; }
.name::before { content: ""; display: inline-block; width: .75rem; height: .75rem; margin-inline-end: .625rem; border: 1px solid var(--brand-edge); border-radius: 50%; background: var(--brand); forced-color-adjust: none; }
.logo { display: block; max-width: 100%; height: 2rem; }
main > * + * { margin-top: 1rem; }
h1 { font-size: min(1.625rem, 12vw); line-height: 1.25; hyphens: auto; letter-spacing: -.015em; text-wrap: balance; }
h2, h3 { font-size: 1.0625rem; line-height: 1.4; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: min(2rem, 4.5vw); }
.card > * + * { margin-top: .75rem; }
.card > .actions { margin-top: 1.25rem; }
.quiet { color: var(--quiet); }
.split { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; justify-content: space-between; }
.split > div { min-width: 0; flex: 1 1 12rem; }
.list { list-style: none; padding: 0; }
.list > li { border-top: 1px solid var(--line); padding-top: 1.25rem; margin-top: 1.25rem; }
.list > li > * + * { margin-top: .25rem; }
.list > li > .actions { margin-top: .875rem; }
.list > li.split { padding-top: .875rem; margin-top: .875rem; }
.list .list > li { border: 0; padding-top: 0; }
.list.plain > li:first-child { border: 0; padding-top: 0; margin-top: 0; }
.state { display: inline-block; padding: .0625rem .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8125rem; font-weight: 500; color: var(--quiet); vertical-align: .0625rem; }
.state.due { color: var(--alert); border-color: currentColor; }
.notice { background: var(--note); border-inline-start: .25rem solid var(--mark); border-radius: .5rem; padding: .75rem 1rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: stretch; }
.actions > form { display: flex; flex-wrap: wrap; gap: .75rem; max-width: 100%; }
.actions > .row { flex-basis: 100%; }
.tick { display: flex; flex-basis: 100%; gap: .5rem; align-items: baseline; }
.split .tick { margin-bottom: .5rem; }
.challenge { width: 100%; margin-inline: min(0px, (100% - 300px) / 2); }
.button {
  display: inline-block;
  max-width: 100%;
  padding: .5625rem min(1.125rem, 2.5vw);
  border: 1px solid var(--brand-edge);
  border-radius: .625rem;
  background: var(--brand);
  color: var(--on-brand);
  font: inherit;
  font-size: min(1rem, 7.5vw);
  font-weight: 600;
  line-height: 1.4;
  text-decoration: none;
  text-align: center;
  text-wrap: balance;
  overflow-wrap: break-word;
  cursor: pointer;
}
.button:hover { background: color-mix(in srgb, var(--brand), var(--shade) 14%); }
.button:active { background: color-mix(in srgb, var(--brand), var(--shade) 26%); }
.button.plain { border-color: var(--edge); background: transparent; color: inherit; font-weight: 500; }
.button.plain:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
.button.plain:active { background: color-mix(in srgb, currentColor 16%, transparent); }
.whole { white-space: nowrap; }
a { color: inherit; text-underline-offset: .2em; }
a:hover, .textual:hover, summary:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
.developer { background: var(--note); border: 1px dashed var(--quiet); border-radius: .75rem; padding: 1rem 1.25rem; font-size: .9375rem; }
.developer > * + * { margin-top: .5rem; }
dt { font-weight: 600; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .875rem; }
dd { margin: 0 0 .75rem; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
footer { padding: 1.5rem 0 2rem; color: var(--quiet); font-size: .875rem; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; }
.back::before { content: "\\2190\\a0"; content: "\\2190\\a0" / ""; }
[dir=rtl] .back::before { content: "\\2192\\a0"; content: "\\2192\\a0" / ""; }
.languages > form { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding-top: .25rem; }
.languages[open] { flex-basis: 100%; }
summary { cursor: pointer; }
.fields { display: grid; gap: .5rem; justify-items: start; }
.fields label { font-weight: 600; }
.fields .button { margin-top: .75rem; }
.fields input { width: 100%; padding: .6875rem .875rem; border: 1px solid var(--edge); border-radius: .625rem; background: var(--page); color: inherit; font: inherit; }
.fields [aria-invalid] { border-color: var(--alert); }
.alert { color: var(--alert); }
.textual { padding: .25rem 0; border: 0; background: none; color: inherit; font: inherit; text-align: start; text-decoration: underline; text-underline-offset: .2em; cursor: pointer; }
.textual[aria-current] { font-weight: 600; text-decoration: none; }
@media (max-width: 26rem) { .split > form, .split .button, .choice form, .choice .button { width: 100%; } }
@media (prefers-reduced-motion: no-preference) { .button { transition: background-color .15s; } }
@media (forced-colors: active) { .button:not(.plain) { background: Highlight; border-color: Highlight; color: HighlightText; forced-color-adjust: none; } .textual[aria-current] { color: CanvasText; } }
@media print { :root { color-scheme: light; } body { background: #fff; color: #000; } .actions, form, footer { display: none !important; } .card { border: 0; padding: 0; } :focus-visible { outline: 0; } }
`;
