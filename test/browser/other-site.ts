import { Hono } from 'hono';
import { html, raw } from 'hono/html';

/** Somebody's site on another host: it links to us, and looks at the link in every other way. */
export function otherSite(origin: string) {
  const link = `${origin}/billing/manage`;
  const rules = JSON.stringify({
    prefetch: [{ urls: [link], eagerness: 'immediate' }],
    prerender: [{ urls: [link], eagerness: 'immediate' }],
  });
  return new Hono()
    .get('/', (c) => c.html(html`<a href="${link}">Manage subscription</a>`))
    .get('/looks', (c) =>
      c.html(
        html`<!doctype html>
          <link rel="prefetch" href="${link}" />
          <script type="speculationrules">
            ${raw(rules)}
          </script>
          <a href="${link}">Manage subscription</a>
          <img src="${link}" alt="" />
          <iframe src="${link}"></iframe>
          <script>
            fetch(${raw(JSON.stringify(link))}, { credentials: 'include', mode: 'no-cors' });
          </script>`,
      ),
    )
    .get('/posts', (c) =>
      c.html(html`<form method="post" action="${link}"><button>Free coins</button></form>`),
    );
}
