import type { Context } from 'hono';
import { readBacklogNote, type BacklogNote } from '../customers/backlog-note.ts';
import { fillState, listStates } from '../customers/fill.ts';
import { isLate, readRarely } from '../customers/health.ts';
import type { ConfigProblem } from '../errors/billing-error.ts';
import type { Health } from '../http/answers.ts';
import type { AppEnv } from '../http/context.ts';
import { servicesFor } from '../http/host.ts';
import { missingOrigin } from '../http/own-origin.ts';
import { VERSION } from '../version.ts';

/**
 * 200 if visitors can be served: the configuration is complete, and D1 answers. Otherwise 503 with
 * all reasons. A cron job that is late is no outage, so that is 200, too, and `status` says it.
 * `problems` with a 200: what a Worker without PUBLIC_ORIGIN does not do.
 */
export async function sayHealth(c: Context<AppEnv>): Promise<Response> {
  const result = servicesFor(c);
  if (result.kind === 'misconfigured') return unavailable(c, result.problems);
  const { stores, config } = result.services;
  const now = new Date();
  const reading = await readRarely(stores.cursors, config.livemode, now);
  if (reading.kind === 'failed') return unavailable(c, [{ key: 'DB', remedy: reading.remedy }]);
  const { cursors } = reading;
  const note = readBacklogNote(cursors);
  const problem = missingOrigin(c, result.services);
  return c.json({
    status: isLate(note, now) ? 'late' : 'ok',
    version: VERSION,
    mode: config.livemode ? 'live' : 'test',
    last_run: note ? toIso(note.at) : null,
    first_fill: fillState(cursors) ?? 'not_begun',
    first_fill_lists: listStates(cursors),
    ...(note && { backlog: shown(note) }),
    rate_limits: c.env.SESSION_LIMIT && c.env.CLIENT_LIMIT ? 'on' : 'off',
    ...(problem && { problems: [problem] }),
  } satisfies Health);
}

const shown = ({ customers, failing, age, at }: BacklogNote) => ({
  customers,
  failing,
  seconds: age,
  as_of: toIso(at),
});

const toIso = (seconds: number) => new Date(seconds * 1000).toISOString();

function unavailable(c: Context, problems: ConfigProblem[]): Response {
  return c.json({ status: 'unavailable', version: VERSION, problems } satisfies Health, 503);
}
