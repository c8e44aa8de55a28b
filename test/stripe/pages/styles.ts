/** One small sheet for all pages of the stand-in and the identity provider. */
export const styles = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1a1f36, #e9ecf5);
  --quiet: light-dark(#535b70, #a9b1c6);
  --page: light-dark(#f6f8fb, #11141c);
  --card: light-dark(#ffffff, #1b202c);
  --line: light-dark(#d5dbe6, #353d4f);
  --accent: light-dark(#4b3fd8, #a9a2ff);
  --on-accent: light-dark(#ffffff, #14162a);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
.label {
  margin: 0; padding: .5rem 1rem; text-align: center; font-size: .875rem; font-weight: 600;
  background: light-dark(#fff0c2, #4a3a05); color: light-dark(#4d3a00, #ffe9a8);
}
main { max-width: 42rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.625rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
a { color: var(--accent); text-underline-offset: .15em; }
.quiet { color: var(--quiet); }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1rem 1.25rem; margin: 0 0 1rem; list-style: none;
}
.card p { margin: .25rem 0; }
.card form { margin-top: .75rem; }
.state {
  display: inline-block; font-size: .8125rem; padding: .0625rem .5rem; border-radius: 1rem;
  border: 1px solid var(--line);
}
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
ul { padding: 0; margin: 0; }
button, .button {
  font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1rem; cursor: pointer;
  border-radius: .5rem; border: 1px solid var(--line); background: var(--card);
  color: var(--text); text-decoration: none; display: inline-block;
}
button.primary, .button.primary {
  background: var(--accent); border-color: var(--accent); color: var(--on-accent);
}
label { display: block; font-weight: 600; margin: .75rem 0 .25rem; }
input, select {
  font: inherit; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; color: inherit;
  background: var(--card); border: 1px solid var(--quiet); border-radius: .5rem;
}
code { font-size: .875em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;
