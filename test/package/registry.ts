import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import ours from '../../package.json' with { type: 'json' };
import { serveLoopback } from './loopback.ts';
import type { Release } from './pack.ts';

// `npm run` sets it where it is another one than npm's.
const NPM = (process.env['npm_config_registry'] ?? 'https://registry.npmjs.org').replace(/\/$/, '');

type Packument = { versions: Record<string, object> };

/**
 * A registry of npm's kind that has portal-link, and sends on to npm's own for the rest. Of Hono and
 * Wrangler it has the versions that the other tests run with: they are in npm's cache.
 */
export async function serveRegistry() {
  const tarballs = new Map<string, { bytes: Buffer; manifest: object }>();
  const app = new Hono()
    .get('/portal-link', (c) => {
      const here = new URL(c.req.url).origin;
      const versions = [...tarballs].map(([version, { bytes, manifest }]) => {
        const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
        const dist = { tarball: `${here}/portal-link/-/${version}.tgz`, integrity };
        return [version, { ...manifest, dist }];
      });
      const latest = [...tarballs.keys()].at(-1);
      const found = { 'dist-tags': { latest }, versions: Object.fromEntries(versions) };
      // Otherwise npm does not look again for an hour.
      return c.json({ name: 'portal-link', ...found }, 200, { 'cache-control': 'no-store' });
    })
    .get('/portal-link/-/:file', (c) => {
      const found = tarballs.get(c.req.param('file').replace(/\.tgz$/, ''));
      return found ? c.body(new Uint8Array(found.bytes)) : c.notFound();
    })
    .get('/:name{hono|wrangler}', async (c) => {
      const name = c.req.param('name') as 'hono' | 'wrangler';
      const known = (await (await fetch(`${NPM}/${name}`)).json()) as Packument;
      const version = ours.devDependencies[name];
      const versions = { [version]: known.versions[version] };
      return c.json({ name, 'dist-tags': { latest: version }, versions });
    })
    .all('*', (c) => {
      const { pathname, search } = new URL(c.req.url);
      return c.redirect(`${NPM}${pathname}${search}`, 307);
    });
  const { origin, close } = await serveLoopback(app.fetch);
  return {
    /** What leads npm here. Tarballs come from where npm's cache knows them. */
    environment: {
      npm_config_registry: `${origin}/`,
      npm_config_replace_registry_host: 'never',
    },
    publish({ version, file, folder }: Release) {
      const own: object = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      tarballs.set(version, { bytes: readFileSync(file), manifest: own });
    },
    close,
  };
}
