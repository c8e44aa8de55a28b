import type { BillingError } from '../errors/billing-error.ts';
import { entryOf, remedyOf } from '../errors/meaning.ts';
import { breakable } from './breakable.tsx';
import { Challenge } from './challenge.tsx';
import { BUTTON } from './open-form.tsx';
import type { Frame } from './frame.ts';
import { Layout } from './layout.tsx';

/** What a visitor can do about a fault, as a link. */
export type Action = { label: string; href: string };

/** A form that failed, to be sent once more as it was. */
export type Again = {
  action: string;
  fields: [name: string, value: string][];
  /** Where it needs a new proof from Turnstile. */
  siteKey: string | undefined;
};

/** A fault in the visitor's words. On a loopback host, the developer's words follow. */
export function FaultPage({
  frame,
  error,
  reference,
  again,
  actions,
  manager,
  showDeveloper,
}: {
  frame: Frame;
  error: BillingError;
  /** Finds the line in the operator's log. */
  reference: string;
  again: Again | undefined;
  actions: Action[];
  /** Who manages billing: an address, or text. */
  manager: string | undefined;
  showDeveloper: boolean;
}) {
  const { language } = frame.locale;
  const { title, advice } = language.faults[entryOf(error).page];
  const { problems } = error.details;
  const [first] = actions;
  return (
    <Layout frame={frame} title={title}>
      <section class="card">
        <p>{advice}</p>
        {manager !== undefined && (
          <p>
            {language.billingManager} <Contact manager={manager} />
          </p>
        )}
        {problems && (
          <dl>
            {problems.map(({ key, remedy }) => (
              <>
                <dt>{key}</dt>
                <dd>{formatted(remedy)}</dd>
              </>
            ))}
          </dl>
        )}
        {(again ?? first ?? frame.supportUrl) && (
          <div class="actions">
            {again && <AgainForm again={again} frame={frame} />}
            {actions.map((action) => (
              <a
                class={action === first && !again ? 'button' : 'button plain'}
                href={action.href}
                rel="noreferrer"
              >
                {breakable(action.label)}
              </a>
            ))}
            {frame.supportUrl && (
              <a class="button plain" href={frame.supportUrl} rel="noreferrer">
                {language.contactUs}
              </a>
            )}
          </div>
        )}
        <p class="quiet">
          <small>
            {language.reference}
            {language.colon}
            <code>{reference}</code>
          </small>
        </p>
      </section>
      {showDeveloper && <Developer error={error} />}
    </Layout>
  );
}

function Contact({ manager }: { manager: string }) {
  return /^(?:https|mailto):/.test(manager) ? (
    <a href={manager} rel="noreferrer">
      {manager.replace(/^mailto:|^https:\/\//, '')}
    </a>
  ) : (
    manager
  );
}

/** The button keeps the name of the one that was pressed: a link's form tells people by it. */
function AgainForm({ again, frame }: { again: Again; frame: Frame }) {
  const { action, fields, siteKey } = again;
  const pressed = fields.find(([name]) => name === BUTTON.name);
  return (
    <form method="post" action={action} class={siteKey === undefined ? undefined : 'row'}>
      {fields.map(
        (field) => field !== pressed && <input type="hidden" name={field[0]} value={field[1]} />,
      )}
      <Challenge siteKey={siteKey} frame={frame} />
      <button class="button" type="submit" name={pressed?.[0]} value={pressed?.[1]}>
        {frame.locale.language.tryAgain}
      </button>
    </form>
  );
}

function Developer({ error }: { error: BillingError }) {
  const remedy = remedyOf(error);
  return (
    <aside class="developer" aria-label="For developers">
      <h2>For developers</h2>
      <p>
        <code>{error.code}</code>: {error.message}
      </p>
      {remedy && <p>{formatted(remedy)}</p>}
      <p class="quiet">Shown on this machine only.</p>
    </aside>
  );
}

/** Turns the addresses in a remedy into links, and text in backticks into code. */
function formatted(text: string) {
  return text.split(/(`[^`]+`|https:\/\/[^\s,]*[^\s,.:])/).map((part) => {
    if (part.startsWith('https://')) {
      return (
        <a href={part} rel="noreferrer">
          {part}
        </a>
      );
    }
    return part.startsWith('`') ? <code>{part.slice(1, -1)}</code> : part;
  });
}
