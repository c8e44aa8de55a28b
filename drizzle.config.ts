import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/customers/schema.ts', './src/links/schema.ts'],
  out: './migrations',
});
