import { app } from './app.ts';
import { runScheduled } from './scheduled.ts';

export default {
  fetch: app.fetch,
  scheduled: (controller, env) => runScheduled(env, new Date(controller.scheduledTime)),
} satisfies ExportedHandler<Env>;
