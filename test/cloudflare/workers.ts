import { randomUUID } from 'node:crypto';
import { Hono, type Context } from 'hono';
import type { Binding, CloudflareAccount, Script } from './account.ts';
import { refuse, succeed } from './answers.ts';
import {
  changedSecrets,
  historyOf,
  noteDeployment,
  noteVersion,
  release,
  shownDeployment,
  shownVersion,
} from './history.ts';

/** Workers: their code is taken and not run. */
export function workers(account: CloudflareAccount): Hono {
  const missing = (c: Context) =>
    refuse(c, 404, 10007, 'This Worker does not exist on your account.');
  return new Hono()
    .get('/scripts', (c) =>
      succeed(
        c,
        [...account.scripts.keys()].map((id) => ({ id, etag: 'etag', handlers: ['fetch'] })),
      ),
    )
    .get('/scripts/:name/secrets', (c) => {
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return missing(c);
      return succeed(
        c,
        [...script.secrets.keys()].map((name) => ({ name, type: 'secret_text' })),
      );
    })
    .get('/services/:name', (c) => {
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return refuse(c, 404, 10090, 'workers.api.error.service_not_found');
      return succeed(c, {
        default_environment: {
          environment: 'production',
          script: { last_deployed_from: 'wrangler' },
        },
      });
    })
    .get('/scripts/:name/deployments', (c) => {
      const { deployments } = historyOf(account, c.req.param('name'));
      // A Worker that a test has made has no history.
      const only = {
        id: 'd1',
        strategy: 'percentage',
        versions: [{ version_id: 'v1', percentage: 100 }],
      };
      return succeed(c, {
        deployments: deployments.length > 0 ? deployments.map(shownDeployment) : [only],
      });
    })
    .get('/scripts/:name/versions/:version', (c) => {
      const { versions } = historyOf(account, c.req.param('name'));
      const version = versions.find(({ id }) => id === c.req.param('version'));
      const only = {
        id: 'v1',
        metadata: {},
        resources: { bindings: [], script: {}, script_runtime: {} },
      };
      return succeed(c, version ? shownVersion(version) : only);
    })
    .post('/scripts/:name/versions', async (c) => {
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return missing(c);
      Object.assign(script, await uploadIn(c));
      return succeed(c, {
        id: noteVersion(historyOf(account, c.req.param('name')), script).id,
        startup_time_ms: 5,
        metadata: { has_preview: false },
        resources: { script: { etag: 'etag' }, script_runtime: {}, bindings: [] },
      });
    })
    .post('/scripts/:name/deployments', async (c) => {
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return missing(c);
      const history = historyOf(account, c.req.param('name'));
      const { versions, annotations }: DeploymentRequest = await c.req.json();
      const version = history.versions.find(({ id }) => id === versions[0]?.version_id);
      if (!version) return refuse(c, 404, 10007, 'This version does not exist.');
      const changed = changedSecrets(script, version);
      if (changed.length > 0 && c.req.query('force') !== 'true') {
        const names = changed.join(', ');
        return refuse(c, 400, 10220, `The following secrets have changed: ${names}`);
      }
      Object.assign(script, {
        deployed: true,
        bindings: version.bindings,
        modules: version.modules,
        runtime: version.runtime,
        secrets: new Map(version.secrets),
      });
      noteDeployment(history, version, annotations?.['workers/message']);
      return succeed(c, { id: history.deployments[0]?.id });
    })
    .get('/scripts/:name/references', (c) => succeed(c, {}))
    .get('/tails/by-consumer/:name', (c) => succeed(c, []))
    .delete('/services/:name', (c) => {
      if (!account.scripts.delete(c.req.param('name'))) return missing(c);
      return succeed(c, null);
    })
    .get('/scripts/:name/settings', (c) => {
      const script = account.scripts.get(c.req.param('name'));
      return script ? succeed(c, { bindings: script.bindings }) : missing(c);
    })
    .patch('/scripts/:name/script-settings', (c) => succeed(c, {}))
    .get('/subdomain', (c) => succeed(c, { subdomain: account.subdomain }))
    .get('/workers/:name', (c) =>
      succeed(c, {
        name: c.req.param('name'),
        subdomain: { enabled: true, previews_enabled: true },
      }),
    )
    .get('/scripts/:name/subdomain', (c) => succeed(c, { enabled: true, previews_enabled: true }))
    .post('/scripts/:name/subdomain', (c) => succeed(c, { enabled: true, previews_enabled: true }))
    .put('/scripts/:name/schedules', async (c) => {
      const schedules: { cron: string }[] = await c.req.json();
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return missing(c);
      script.crons = schedules.map(({ cron }) => cron);
      return succeed(c, { schedules });
    })
    .put('/scripts/:name/routes', async (c) => {
      const routes: { pattern: string }[] = await c.req.json();
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return missing(c);
      // https://developers.cloudflare.com/workers/configuration/routing/routes/
      const isInZone = ({ pattern }: { pattern: string }) =>
        [...account.zones].some((zone) => `.${pattern.replace(/\/.*/s, '')}`.endsWith(`.${zone}`));
      if (!routes.every(isInZone)) return refuse(c, 400, 10019, 'Could not find zone');
      script.routes = routes.map(({ pattern }) => pattern);
      return succeed(c, routes);
    })
    .put('/scripts/:name/domains/records', async (c) => {
      const { origins }: { origins: { hostname: string }[] } = await c.req.json();
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return missing(c);
      script.domains = origins.map(({ hostname }) => hostname);
      return succeed(c, origins);
    })
    .put('/scripts/:name', async (c) => {
      const uploaded = await uploadIn(c);
      const before = account.scripts.get(c.req.param('name'));
      const script = {
        secrets: before?.secrets ?? new Map(),
        ...uploaded,
        routes: before?.routes ?? [],
        domains: before?.domains ?? [],
        crons: before?.crons ?? [],
        deployed: uploaded.bindings.length > 0,
      };
      account.scripts.set(c.req.param('name'), script);
      release(account, c.req.param('name'), script);
      return succeed(c, {
        id: c.req.param('name'),
        etag: 'etag',
        deployment_id: randomUUID(),
        startup_time_ms: 5,
      });
    })
    .put('/scripts/:name/secrets', async (c) => {
      const script = account.scripts.get(c.req.param('name'));
      if (!script) return missing(c);
      const { name, text }: { name: string; text: string } = await c.req.json();
      if (script.bindings.some((each) => each.name === name && each.type === 'plain_text')) {
        return refuse(c, 400, 10053, `Binding name '${name}' already in use.`);
      }
      script.secrets.set(name, text);
      release(account, c.req.param('name'), script);
      return succeed(c, { name, type: 'secret_text' });
    });
}

type DeploymentRequest = {
  versions: { version_id: string }[];
  annotations?: Record<string, string>;
};

type Metadata = {
  bindings: Binding[];
  main_module: string;
  compatibility_date: string;
  compatibility_flags: string[];
};

/** The uploaded Worker's code, its main module first, and what it is bound to. */
async function uploadIn(c: Context): Promise<Pick<Script, 'bindings' | 'modules' | 'runtime'>> {
  const { metadata, ...files } = await c.req.parseBody();
  const { bindings, main_module: main, ...runtime }: Metadata = JSON.parse(metadata as string);
  const names = Object.keys(files).toSorted((name) => (name === main ? -1 : 1));
  const modules = new Map<string, string>();
  for (const name of names) {
    const file = files[name];
    if (file instanceof File) modules.set(name, await file.text());
  }
  return {
    bindings,
    modules,
    runtime: {
      compatibilityDate: runtime.compatibility_date,
      compatibilityFlags: runtime.compatibility_flags,
    },
  };
}
