import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openFolder, type Folder } from './operator.ts';
import { run, succeed } from './run.ts';
import { KEY, WEBHOOK_SECRET } from './world.ts';

const { folder, file } = inject('packed');
const REPOSITORY = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile())
  .map((each) => join(each.parentPath, each.name).slice(folder.length + 1));

describe('the packed file', () => {
  it('has what is built, the migrations in order, and no source or test', () => {
    const known = /^(?:dist\/(?:worker|commands|templates)\/[\w.-]+|dist\/RELEASES\.md)$/;
    const others = files.filter((name) => !known.test(name)).toSorted();
    const migrations = readdirSync(join(REPOSITORY, 'migrations'))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => `migrations/${name}`);
    expect(others).toEqual(['LICENSE', 'README.md', ...migrations, 'package.json']);
    expect(
      files.filter((name) => /\.test\.|\.tsx?$/.test(name) && !name.endsWith('.d.ts')),
    ).toEqual([]);
  });

  it('is small', () => {
    // 72 KiB are the public suffixes of tldts, by which setup knows a site's own domain. 15 are the
    // parser of wrangler.jsonc, 10 that of tsconfig.json, 8 what setup and deploy refuse of an app, 3
    // what commands say and ask at Ctrl-C, 2 punycode, and 2 what is read or made at first use.
    expect(statSync(file).size).toBeLessThan(573 * 1024);
  });

  it('has what its package.json names', () => {
    const paths = Object.values<string>(manifest.exports['.']);
    expect(files).toEqual(expect.arrayContaining(paths.map((path) => path.slice(2))));
    expect(files).toContain(manifest.bin['portal-link']);
    expect(read(manifest.bin['portal-link'])).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(manifest).not.toHaveProperty('private');
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
  });

  it('imports in the Worker only what an operator has installed', () => {
    const code = files.filter((name) => /^dist\/worker\/.*\.js$/.test(name)).map(read);
    const imported = [...code.join('\n').matchAll(/^import .*? from "([^"]+)";$/gm)];
    const packages = imported
      .map(([, name = '']) => name)
      .filter((name) => !/^(?:\.|node:|cloudflare:)/.test(name))
      .map((name) => name.split('/')[0] ?? '');
    const installed = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect([...new Set(packages)].toSorted()).toEqual(['hono', 'jose', 'oauth4webapi', 'valibot']);
    expect(Object.keys(installed)).toEqual(expect.arrayContaining(packages));
  });

  it('has a Worker that imports no part of itself later: a bundler would keep that whole', () => {
    const code = files.filter((name) => /^dist\/worker\/.*\.js$/.test(name)).map(read);
    const later = [...code.join('\n').matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name]) => name);
    expect([...new Set(later)]).toEqual(['cloudflare:workers']);
  });

  it('names the licences of what is built in', () => {
    expect(read('dist/worker/LICENCES.txt')).toContain('== stripe\n');
    expect(read('dist/commands/LICENCES.txt')).toContain('== commander\n');
    expect(read('dist/commands/LICENCES.txt')).toContain('== @humanwhocodes/momoa\n');
  });

  it('names no command as a clone has it, nor a page that is not there', () => {
    const code = files.filter((name) => /^dist\/.*\.(?:js|toml|example)$/.test(name)).map(read);
    const shown = code.join('\n').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    expect(shown.match(/npm run (?:setup|doctor|deploy|link|fill|customer).*/g)).toBeNull();
    expect(shown.match(/(?<!\/|page(?:\$\d)?\(")\bsrc\/\w+\/\w+\.md/g)).toBeNull();
  });
});

describe('its types', () => {
  it('bring no types of packages that are built in', () => {
    const imported = [...read('dist/worker/index.d.ts').matchAll(/^import .*?"([^"]+)";$/gm)];
    const names = imported.map(([, name = '']) => name.split('/')[0]);
    const known = ['cloudflare:workers', 'hono', 'jose', 'oauth4webapi', 'valibot'];
    expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([]);
    // Stripe's own would be a hundred times as much.
    expect(read('dist/worker/index.d.ts').length).toBeLessThan(100 * 1024);
  });

  let operator: Folder;
  beforeAll(() => {
    operator = openFolder();
    mkdirSync(operator.path('node_modules'));
    symlinkSync(folder, operator.path('node_modules/portal-link'));
    for (const name of ['hono', '@cloudflare']) {
      symlinkSync(join(REPOSITORY, 'node_modules', name), operator.path(`node_modules/${name}`));
    }
    operator.write('index.ts', "export { default } from 'portal-link';\n");
    operator.write(
      'uses.ts',
      `import worker from 'portal-link';
const handler: ExportedHandler<Cloudflare.Env> = worker;
// @ts-expect-error There is no such handler.
worker.tail;
void handler;
`,
    );
    operator.write(
      'mount.ts',
      `import { Hono } from 'hono';
import { hc } from 'hono/client';
import { Billing, portalLink, type Api, type PortalLinkEnv } from 'portal-link';

type App = { Bindings: PortalLinkEnv; Variables: { user: string } };
const billing = portalLink<App>({ identify: (c) => ({ subject: c.get('user') }) });
const app = new Hono<App>().route('/', billing.app);
export default { fetch: app.fetch, scheduled: billing.scheduled };
export { Billing };

// @ts-expect-error The compiler refuses a host that binds no D1.
portalLink<{ Bindings: { STRIPE_SECRET_KEY: string } }>({ identify: () => null });

export async function session(origin: string): Promise<string> {
  const answer = await hc<Api>(origin).api.stripe['create-portal-session'].$post({ json: {} });
  return answer.ok ? (await answer.json()).url : '';
}
`,
    );
    // What `wrangler types` writes for an operator.
    const environment = readFileSync(join(REPOSITORY, 'src/env.d.ts'), 'utf8');
    operator.write(
      'env.d.ts',
      environment.replace(/import\(".*\/index"\)/, 'import("./index.js")'),
    );
  });
  afterAll(() => operator.close());

  it.each([
    ['bundler', 'esnext'],
    ['nodenext', 'nodenext'],
  ])('hold with moduleResolution %s', async (moduleResolution, module) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'esnext',
      lib: ['esnext'],
      strict: true,
      noEmit: true,
      types: ['@cloudflare/workers-types'],
    };
    operator.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    operator.write('package.json', '{ "type": "module" }');
    const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const { output, status } = await run(operator.directory, process.execPath, [tsc]);
    expect(output).toBe('');
    expect(status).toBe(0);
  });
});

describe('in Node, where SvelteKit and others develop,', () => {
  const inNode = async (code: string) => {
    const { directory } = inject('installed');
    return succeed(directory, process.execPath, ['--input-type=module', '--eval', code]);
  };

  it('a mount answers', async () => {
    const output = await inNode(`
      import { portalLink } from 'portal-link';
      const billing = portalLink({ identify: () => undefined });
      const answer = await billing.app.fetch(new Request('http://localhost/billing/healthz'), {});
      console.log(answer.status, (await answer.json()).status);`);
    expect(output).toMatch(/^503 unavailable$/m);
  });

  it('a mount tells the key of a back end from another', async () => {
    const output = await inNode(`
      import { portalLink } from 'portal-link';
      const key = 'a key of the back end that is long enough';
      const env = {
        DB: {},
        STRIPE_SECRET_KEY: '${KEY}',
        STRIPE_WEBHOOK_SECRET: '${WEBHOOK_SECRET}',
        PUBLIC_ORIGIN: 'https://shop.example',
        LINK_SECRET: 'the secret that links are signed with',
        LINK_API_KEY: key,
      };
      const billing = portalLink({ identify: () => undefined });
      for (const given of [key, key.toUpperCase(), 'another']) {
        const request = new Request('https://shop.example/api/links', {
          method: 'POST',
          headers: { authorization: 'Bearer ' + given, 'content-type': 'application/json' },
          body: JSON.stringify({ subject: 'ada' }),
        });
        const answer = await billing.app.fetch(request, env);
        console.log(answer.status, answer.headers.get('x-error-code'));
      }`);
    const answers = output.match(/^\d{3} \w+$/gm);
    expect(answers).toEqual(['201 null', '401 api_key_refused', '401 api_key_refused']);
  });

  it('the Workers runtime still gets the entrypoint, and Node does not', async () => {
    const resolved = 'console.log(Object.keys(await import("portal-link")).join());';
    expect(await inNode(resolved)).toBe('default,portalLink\n');
    const { workerd, worker, default: main } = manifest.exports['.'];
    expect([workerd, worker]).toEqual([main, main]);
    expect(read(main.slice(2))).toContain('extends WorkerEntrypoint');
  });
});
