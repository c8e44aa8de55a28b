import { list, readParameters, string } from './parameters.ts';
import { checkExpansion, expand } from './expand.ts';
import type { Actor } from './emit.ts';
import type { DecodedObject } from './form.ts';
import type { EventRequest } from '../objects.ts';
import type { Permission } from './keys.ts';
import type { Shape, Values } from './parameters.ts';

/** A call of the API whose parameters have been read. */
export type Call<Parameters extends Shape> = Actor & {
  request: EventRequest;
  livemode: boolean;
  /** The id in the address, or '' where it has none. */
  id: string;
  /** Where session pages are served. */
  accountOrigin: string;
  parameters: Values<Parameters>;
};

type RawCall = Omit<Call<Shape>, 'parameters'>;
type Answer = { readonly object: string };

type Definition<Parameters extends Shape> = {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  permission: Permission;
  parameters: Parameters;
  /** The type of the answer, as expand.ts names it. */
  returns: string;
  answer: (call: Call<Parameters>) => Answer;
};

/** An endpoint whose parameters are not known to the outside: reading comes before answering. */
export type Endpoint = Pick<Definition<Shape>, 'method' | 'path' | 'permission'> & {
  /** Throws on parameters that Stripe refuses; the result does the work. */
  prepare: (call: RawCall, input: DecodedObject) => () => unknown;
};

export function endpoint<Parameters extends Shape>(definition: Definition<Parameters>): Endpoint {
  const { method, path, permission, returns, answer } = definition;
  return {
    method,
    path,
    permission,
    prepare: (call, { expand: expandInput, ...input }) => {
      const parameters = readParameters(definition.parameters, input);
      const paths = expandInput === undefined ? [] : list(string)(expandInput, 'expand');
      checkExpansion(returns, paths);
      return () => expand(call.state, returns, answer({ ...call, parameters }), paths);
    },
  };
}
