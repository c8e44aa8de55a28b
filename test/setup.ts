import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { installOutside } from './outside.ts';

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
installOutside();
