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
  --text: light-dark(#16181d, #f1f2f5);
  --quiet: light-dark(#5b6070, #a4a9b8);
  --note: light-dark(#f1f2f6, #20232b);
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh;
  display: grid;
  grid-template-rows: auto 1fr auto;
  justify-items: center;
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
h2 { font-size: 1.0625rem; line-height: 1.4; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(1.25rem, 5vw, 2rem); }
.card > * + * { margin-top: .75rem; }
.card .actions { margin-top: 1.5rem; }
.quiet { color: var(--quiet); overflow-wrap: anywhere; }
.account { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; justify-content: space-between; }
.account .actions { margin-top: 0; }
.account > div { min-width: 0; flex: 1 1 12rem; }
.subscriptions { list-style: none; padding: 0; margin-top: .75rem; }
.subscriptions > * + * { margin-top: .75rem; }
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
.button.plain { background: transparent; border-color: var(--line); color: inherit; }
a { color: inherit; text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--text); outline-offset: 3px; border-radius: .375rem; }
.developer { background: var(--note); border: 1px dashed var(--quiet); border-radius: .75rem; padding: 1rem 1.25rem; font-size: .9375rem; overflow-wrap: anywhere; }
.developer > * + * { margin-top: .5rem; }
dt { font-weight: 600; font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .875rem; }
dd { margin: 0 0 .75rem; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
footer { padding: 1.5rem 0 2rem; color: var(--quiet); font-size: .875rem; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; }
@media (max-width: 26rem) { .actions, .button { width: 100%; } }
@media print { body { background: #fff; color: #000; } .actions { display: none; } .card { border: 0; padding: 0; } }
`;
