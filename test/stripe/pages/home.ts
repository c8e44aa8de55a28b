import { html } from 'hono/html';
import { layout, standInLabel } from './layout.ts';
import type { Markup } from './layout.ts';
import type { RecordedRequest } from '../recorder.ts';
import type { State } from '../state.ts';

/** What this is, and the controls for people. */
export function homePage(state: State, requests: readonly RecordedRequest[]): Markup {
  const { test, live } = state.portalSaved;
  const isSaved = test && live;
  const content = html`
    <h1>Stripe stand-in</h1>
    <p>
      This program answers in place of Stripe while you develop: its API under <code>/v1/</code>,
      and the pages of its customer portal. Everything is kept in memory, and there is no money in
      it.
    </p>
    <p class="quiet">
      ${state.customers.size} customers, ${state.subscriptions.size} subscriptions,
      ${state.portalSessions.size} portal sessions, ${state.events.size} events.
    </p>

    <h2>Customer portal settings</h2>
    <p>
      ${
        isSaved
          ? 'They are saved, so portal sessions can be created.'
          : 'They were never saved, so portal sessions are refused.'
      }
    </p>
    <form method="post" action="/control/portal">
      <input type="hidden" name="saved" value="${isSaved ? 'false' : 'true'}" />
      <button>${isSaved ? 'Forget the settings' : 'Save the settings'}</button>
    </form>

    ${webhooks(state)}

    <h2>Let something go wrong</h2>
    <form method="post" action="/control/faults">
      <label for="path">Address, empty for every call of the API</label>
      <input id="path" name="path" placeholder="/v1/billing_portal/sessions" />
      <label for="status">Answer with this status</label>
      <input id="status" name="status" inputmode="numeric" placeholder="500" />
      <label for="delay">Wait first, in milliseconds</label>
      <input id="delay" name="delay" inputmode="numeric" placeholder="0" />
      <label for="times">How many times</label>
      <input id="times" name="times" inputmode="numeric" value="1" />
      <p class="actions">
        <button class="primary">Order the fault</button>
        <button formaction="/control/faults/clear">Clear all faults</button>
      </p>
    </form>

    <h2>Calls of the API</h2>
    ${
      requests.length === 0
        ? html`<p class="quiet">There were none yet.</p>`
        : html`<ul>
              ${requests
                .slice(-20)
                .toReversed()
                .map(
                  ({ method, path, status }) =>
                    html`<li class="card">
                      <code>${method} ${path}</code> ${status || 'no answer'}
                    </li>`,
                )}
            </ul>
            <form method="post" action="/control/requests/clear">
              <button>Forget them</button>
            </form>`
    }
    <p><a href="/control/requests">All of them as JSON</a></p>
  `;
  return layout('Stripe stand-in', standInLabel, content);
}

function webhooks(state: State): Markup | '' {
  const endpoints = [...state.webhookEndpoints.values()];
  if (endpoints.length === 0) return '';
  const isOn = endpoints.some(({ status }) => status === 'enabled');
  return html`<h2>Webhooks</h2>
    <p>${isOn ? 'Events are delivered to the endpoints that are on.' : 'Nothing is delivered.'}</p>
    <ul>
      ${endpoints.map(
        ({ url, status }) =>
          html`<li class="card">
            <code>${url}</code> <span class="state">${status === 'enabled' ? 'on' : 'off'}</span>
          </li>`,
      )}
    </ul>
    <form method="post" action="/control/webhooks">
      <input type="hidden" name="enabled" value="${isOn ? 'false' : 'true'}" />
      <button>${isOn ? 'Switch them off' : 'Switch them on'}</button>
    </form>`;
}
