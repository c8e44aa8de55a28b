import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, it } from 'vitest';
import { Intent } from '../src/portal/intent.ts';
import { LinkRequest } from '../src/links/request.ts';
import { BillingAnswer, Health, PortalSession, Problem, SignedLink } from '../src/http/answers.ts';

// Made here and not by the Worker, whose bundle would carry the converter for one seldom answer.
it('describes the API by what its validators say (vitest --update writes the description anew)', async () => {
  const schemas = Object.fromEntries(
    Object.entries({
      Intent,
      PortalSession,
      BillingAnswer,
      LinkRequest,
      SignedLink,
      Problem,
      Health,
    }).map(([name, schema]) => {
      // The dialect of OpenAPI 3.1 is JSON Schema's own. What holds between fields it cannot say.
      const ignoreActions = ['partial_check'];
      const { $schema: _, ...described } = toJsonSchema(schema, { ignoreActions });
      return [name, described];
    }),
  );
  const text = `${JSON.stringify(schemas, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../src/routes/api/openapi-schemas.json');
});
