import { inkOn } from './brand.ts';

/** The one stylesheet. The colour comes checked from the configuration (#rrggbb). */
export const stylesheet = (color: string) => `
:root {
  color-scheme: light dark;
  --brand: ${color};
  --on-brand: ${inkOn(color)};
  --page: light-dark(#f6f6f8, #0e0f13);
  --card: light-dark(#fff, #181a20);
  --line: light-dark(#e3e4e9, #2b2e37);
  --edge: light-dark(#8b8f9c, #6d7280);
  --text: light-dark(#16181d, #f1f2f5);
  --quiet: light-dark(#5b6070, #a4a9b8);
  --note: light-dark(#eeeff4, #20232b);
  --alert: light-dark(#b3261e, #ffb4ab);
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh;
  display: grid;
  grid-template: auto 1fr auto / minmax(0, 1fr);
  justify-items: center;
  overflow-wrap: anywhere;
  padding: 0 1.25rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
header, main, footer { width: 100%; max-width: 34rem; }
header { padding: 2rem 0 1.25rem; display: flex; align-items: center; gap: .625rem; font-weight: 600; }
header::before { content: ""; width: .75rem; height: .75rem; border-radius: 50%; background: var(--brand); }
main > * + * { margin-top: 1rem; }
h1 { font-size: 1.625rem; line-height: 1.25; letter-spacing: -.015em; text-wrap: balance; }
h2, h3 { font-size: 1.0625rem; line-height: 1.4; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(1.25rem, 5vw, 2rem); }
.card > * + * { margin-top: .75rem; }
.card .actions { margin-top: 1.5rem; }
.quiet { color: var(--quiet); overflow-wrap: anywhere; }
.account { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; justify-content: space-between; }
.account > div { min-width: 0; flex: 1 1 12rem; }
.subscriptions { list-style: none; padding: 0; }
.subscriptions > li { border-top: 1px solid var(--line); padding-top: 1.25rem; margin-top: 1.25rem; }
.subscriptions .actions { margin-top: .875rem; }
.state { display: inline-block; margin-inline-start: .25rem; padding: .0625rem .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8125rem; font-weight: 500; color: var(--quiet); vertical-align: .0625rem; }
.state.pastDue, .state.invoiceDue, .state.unpaid, .state.incomplete { color: var(--alert); border-color: currentColor; }
.notice { background: var(--note); border-inline-start: .25rem solid var(--brand); border-radius: .5rem; padding: .75rem 1rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
.button {
  display: inline-block;
  padding: .6875rem 1.25rem;
  border: 1px solid transparent;
  border-radius: .625rem;
  background: var(--brand);
  color: var(--on-brand);
  font: inherit;
  font-weight: 600;
  text-decoration: none;
  text-align: center;
  cursor: pointer;
}
.button:hover { filter: brightness(1.08); }
.button.plain { background: transparent; border-color: var(--edge); color: inherit; padding: .4375rem .875rem; font-weight: 500; }
a { color: inherit; text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--text); outline-offset: 3px; border-radius: .375rem; }
.developer { background: var(--note); border: 1px dashed var(--quiet); border-radius: .75rem; padding: 1rem 1.25rem; font-size: .9375rem; overflow-wrap: anywhere; }
.developer > * + * { margin-top: .5rem; }
dt { font-weight: 600; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .875rem; }
dd { margin: 0 0 .75rem; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
footer { padding: 1.5rem 0 2rem; color: var(--quiet); font-size: .875rem; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; }
.choices { list-style: none; padding: 0; }
.choices > li { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; justify-content: space-between; border-top: 1px solid var(--line); padding: .875rem 0; overflow-wrap: anywhere; }
.choices > li > div { min-width: 0; flex: 1 1 12rem; }
.choices .actions { margin: 0; }
.subscriptions .choices > li { border: 0; padding: .875rem 0 0; }
.subscriptions .choices + p { margin-top: .5rem; }
.fields { display: grid; gap: .5rem; justify-items: start; }
.fields label { font-weight: 600; }
.fields .button { margin-top: .75rem; }
.fields input { width: 100%; padding: .6875rem .875rem; border: 1px solid var(--edge); border-radius: .625rem; background: var(--page); color: inherit; font: inherit; }
.alert { color: var(--alert); }
.textual { padding: .25rem 0; border: 0; background: none; color: inherit; font: inherit; text-decoration: underline; text-underline-offset: .2em; cursor: pointer; }
@media (max-width: 26rem) { .account form, .account .button { width: 100%; } }
@media (prefers-reduced-motion: no-preference) { .button { transition: filter .15s; } }
@media print { body { background: #fff; color: #000; } .actions { display: none; } .card { border: 0; padding: 0; } }
`;
