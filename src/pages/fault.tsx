import type { BillingError } from '../errors/billing-error.ts';
import { Layout, type Frame } from './layout.tsx';

/** What a visitor can do about a fault, as a link. */
export type Action = { label: string; href: string };

/** A fault in the visitor's words. On a loopback host, the developer's words follow. */
export function FaultPage({
  frame,
  error,
  requestId,
  actions,
  manager,
  showDeveloper,
}: {
  frame: Frame;
  error: BillingError;
  /** Finds the line in the operator's log. */
  requestId: string;
  actions: Action[];
  /** Who manages billing: an address, or text. */
  manager: string | undefined;
  showDeveloper: boolean;
}) {
  const { language } = frame.locale;
  const { title, advice } = language.faults[error.entry.page];
  const { problems, stripeRequestId } = error.details;
  return (
    <Layout frame={frame} title={title}>
      <section class="card">
        <h1>{title}</h1>
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
        {actions.length > 0 && (
          <p class="actions">
            {actions.map(({ label, href }, position) => (
              <a class={position === 0 ? 'button' : 'button plain'} href={href} rel="noreferrer">
                {label}
              </a>
            ))}
          </p>
        )}
        <p class="quiet">
          <small>
            {language.reference}:{' '}
            <code>{[error.code, requestId, stripeRequestId].filter(Boolean).join(', ')}</code>
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

function Developer({ error }: { error: BillingError }) {
  return (
    <aside class="developer" aria-label="For developers">
      <h2>For developers</h2>
      <p>{error.message}</p>
      {error.remedy && <p>{formatted(error.remedy)}</p>}
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
