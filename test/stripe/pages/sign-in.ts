import { html } from 'hono/html';
import { layout } from './layout.ts';
import type { Markup } from './layout.ts';

export type Account = {
  subject: string;
  email: string;
  name: string;
  /** One sentence: what this demo account shows. */
  shows: string;
};

const label = 'Demo sign-in: no passwords';

export function signInPage(accounts: readonly Account[], returnTo: string): Markup {
  const cards = accounts.map(({ subject, email, name, shows }) => {
    const query = new URLSearchParams({ account: subject, return_to: returnTo });
    return html`<li class="card">
      <h2 style="margin:0">${name}</h2>
      <p class="quiet">${email}</p>
      <p>${shows}</p>
      <p><a class="button primary" href="/sign-in?${query.toString()}">Sign in as ${subject}</a></p>
    </li>`;
  });
  const content = html`<h1>Who are you?</h1>
    <p>Choose one of the demo accounts; you return to the site signed in.</p>
    <ul>
      ${cards}
    </ul>`;
  return layout('Sign in', label, content);
}

export function deniedPage(): Markup {
  const content = html`<h1>This address cannot be returned to</h1>
    <p>The demo sign-in returns only to paths of its own and to addresses on this machine.</p>`;
  return layout('Cannot return there', label, content);
}

export function unknownAccountText(subject: string, accounts: readonly Account[]): string {
  const names = accounts.map((account) => account.subject).join(', ');
  return `There is no account '${subject}'. The accounts are: ${names}.`;
}
