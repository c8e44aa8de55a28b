import { utimesSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { build, path, REDIRECT, useFramework, writeBuilt } from './framework.ts';
import { workplace } from './use-workplace.ts';
import { ADDRESS } from './workplace.ts';

useFramework();

it('deploys what a framework has built, however old its file is', async () => {
  build();
  utimesSync(path('build/wrangler.json'), 1, 1);
  writeFileSync(path(REDIRECT), `// Of the build.\n${workplace.read(REDIRECT)}`);
  const run = await workplace.run(['deploy']);
  expect(run.status).toBe(0);
  const { modules } = workplace.cloudflare.scripts.get('portal-link')!;
  expect([...modules.values()].join('\n')).toContain('built');
});

it('is set up, built and deployed, and then there is nothing left to do', async () => {
  const setup = async () =>
    workplace.run(['setup', '--remote', '--yes', '--url', ADDRESS], {
      STRIPE_SECRET_KEY: workplace.key,
    });
  build();
  expect((await setup()).output).toContain('Build your app');
  writeBuilt();
  expect(await workplace.run(['deploy'])).toMatchObject({ status: 0 });
  expect(await setup()).toMatchObject({
    status: 0,
    output: expect.not.stringContaining('Build your app'),
  });
});
