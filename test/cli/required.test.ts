import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorProblem } from '../../src/cli/problem.ts';
import { refuseUneditable } from '../../src/cli/setup/editable.ts';
import { settleRequired } from '../../src/cli/setup/required.ts';
import type { StripeContext } from '../../src/cli/setup/context.ts';
import { scripted } from './scripted.ts';

const STRIPE = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portal-link-'));
  path = join(directory, 'wrangler.toml');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

type World = {
  place?: 'local' | 'remote';
  required?: string[];
  listsSecrets?: boolean;
  atCloudflare?: string[];
  stored?: string[];
  given?: string[];
  variables?: Record<string, string>;
};

function contextOf(world: World): StripeContext & { said: string[] } {
  const { place = 'remote', required = STRIPE, atCloudflare, stored = [], given = [] } = world;
  const { dialogue, asked } = scripted([]);
  return {
    dialogue,
    said: asked,
    target: {
      place,
      directory,
      configFile: 'wrangler.toml',
      environment: undefined,
      requiredSecrets: required,
      listsSecrets: world.listsSecrets ?? true,
      variables: world.variables ?? {},
    },
    url: new URL('https://billing.example.com'),
    portalFile: {},
    deployed: atCloudflare && { kind: 'seen', secrets: new Set(atCloudflare) },
    stored: new Map(stored.map((name) => [name, 'value'])),
    givenSecrets: given,
  } as never;
}

const write = (required: string[]) =>
  writeFileSync(path, `[secrets]\nrequired = ${JSON.stringify(required)}\n\n[vars]\n`);

async function settle(world: World) {
  write(world.required ?? STRIPE);
  const context = contextOf(world);
  const changes = await settleRequired(context);
  const { secrets } = parse(readFileSync(path, 'utf8')) as { secrets: { required: string[] } };
  return { changes, required: secrets.required, said: context.said.join('\n') };
}

describe('the list of required secrets', () => {
  it('names what an earlier release has stored, so that doctor --static knows of it', async () => {
    const atCloudflare = [...STRIPE, 'AUTH_JWT_SECRET', 'LINK_SECRET', 'SOMETHING_ELSE'];
    expect(await settle({ atCloudflare })).toMatchObject({
      changes: 1,
      required: [...STRIPE, 'AUTH_JWT_SECRET', 'LINK_SECRET'],
    });
  });

  it('says what follows, before a trial on this machine changes it', async () => {
    const { said, required } = await settle({ place: 'local', stored: ['AUTH_JWT_SECRET'] });
    expect(required).toEqual([...STRIPE, 'AUTH_JWT_SECRET']);
    expect(said).toContain('`wrangler dev` reads no others from .dev.vars');
    expect(said).toContain('A deploy without it is then refused');
  });

  it('loses what only that trial needed, before production would be refused for it', async () => {
    const required = [...STRIPE, 'AUTH_JWT_SECRET', 'OF_THE_OPERATOR'];
    const { said, ...settled } = await settle({ required, atCloudflare: [] });
    expect(settled).toEqual({ changes: 1, required: [...STRIPE, 'OF_THE_OPERATOR'] });
    expect(said).toContain('Take AUTH_JWT_SECRET out of');
  });

  it('is not begun where there is none, which would hide other secrets', async () => {
    const world = { required: [], listsSecrets: false, stored: ['LINK_SECRET'] };
    expect(await settle({ ...world, place: 'local' })).toMatchObject({ changes: 0, required: [] });
  });

  it.each<[string, World]>([
    ['is stored', { atCloudflare: [...STRIPE, 'LINK_SECRET'] }],
    ['was given', { atCloudflare: [], given: ['LINK_SECRET'] }],
    ['seals sessions', { atCloudflare: [], variables: { AUTH_CLIENT_ID: 'portal-link' } }],
    ['is for wrangler dev', { place: 'local' }],
  ])('keeps a secret that %s', async (_why, world) => {
    const required = [...STRIPE, 'LINK_SECRET'];
    expect(await settle({ ...world, required })).toMatchObject({ changes: 0, required });
  });
});

describe('before the first secret is stored', () => {
  const answers = {
    settings: { AUTH_PROVIDER: 'clerk', AUTH_DOMAIN: 'clerk.example.com' },
    secrets: {},
    routes: [{ pattern: 'billing.example.com' }],
    open: [],
  };
  const refusal = (text: string, world: World = {}) => {
    writeFileSync(path, text);
    try {
      refuseUneditable(contextOf(world), answers);
    } catch (error) {
      expect(error).toBeInstanceOf(OperatorProblem);
      return (error as Error).message;
    }
    return undefined;
  };

  it('names all that setup cannot write into wrangler.toml, at once', () => {
    const text = 'route = "*.example.com/*"\nvars = {}\n[secrets]\nrequired = [\n"A", # a\n]\n';
    const message = refusal(text, { given: ['AUTH_CLIENT_SECRET'] })!;
    for (const line of [
      'AUTH_PROVIDER = "clerk"',
      'AUTH_DOMAIN = "clerk.example.com"',
      'PUBLIC_ORIGIN = "https://billing.example.com"',
      'PORTALS = ""',
      `required = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "AUTH_CLIENT_SECRET"]`,
      'Above its first table, in place of route:',
    ]) {
      expect(message).toContain(line);
    }
    expect(message).toContain('Nothing was changed.');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('does not mind a layout that setup can change, and changes nothing', () => {
    const text = 'routes = [\n]\n[vars] # ours\n[secrets]\nrequired = [\n]\n';
    expect(refusal(text, { given: ['LINK_SECRET'] })).toBeUndefined();
  });

  it('looks at nothing else on this machine', () => {
    expect(refusal('vars = {}\n', { place: 'local' })).toBeUndefined();
  });
});
