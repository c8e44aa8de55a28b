import { html } from 'hono/html';
import { layout, standInLabel } from './layout.ts';
import { returnLink } from './portal.ts';
import type { Markup } from './layout.ts';

/** For a session that is over or never was; the site to return to may not be known. */
export function expiredPage(returnUrl: string | null): Markup {
  const content = html`
    <h1>This link has expired</h1>
    <p>Sessions of the customer portal last only a short while.</p>
    ${
      returnUrl === null
        ? html`<p class="quiet">Return to the site you came from to get a new link.</p>`
        : returnLink({ return_url: returnUrl })
    }
  `;
  return layout('This link has expired', standInLabel, content);
}
