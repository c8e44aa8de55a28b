import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, it } from 'vitest';
import { Intent } from '../src/intent.ts';
import { PortalSession, Problem } from '../src/routes/answers.ts';

// Made here and not by the Worker, whose bundle would carry the converter for one seldom answer.
it('describes the API by what its validators say (vitest --update writes the description anew)', async () => {
  const schemas = Object.fromEntries(
    Object.entries({ Intent, PortalSession, Problem }).map(([name, schema]) => {
      // The dialect of OpenAPI 3.1 is JSON Schema's own.
      const { $schema: _, ...described } = toJsonSchema(schema);
      return [name, described];
    }),
  );
  const text = `${JSON.stringify(schemas, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../src/routes/openapi-schemas.json');
});
