import { authorize } from './keys.ts';
import { checkExpansion, expand, permissionsFor } from './expand.ts';
import { notModelled } from './errors.ts';
import { list, readParameters, string } from './parameters.ts';
import type { Actor } from './emit.ts';
import type { Credential, Permission } from './keys.ts';
import type { DecodedObject } from './form.ts';
import type { EventRequest } from '../objects.ts';
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

type RawCall = Omit<Call<Shape>, 'parameters'> & { credential: Credential };
type Answer = { readonly object: string };

type Definition<Real extends object, Parameters extends Shape> = {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  permission: Permission;
  /** None but Stripe's own. */
  parameters: Parameters & Record<Exclude<keyof Parameters, keyof Real>, never>;
  /** The others that Stripe takes, each of them: they are refused in the stand-in's own words. */
  unmodelled: Record<Exclude<keyof Real, keyof Parameters | 'expand'>, true>;
  /** The type of the answer, as expand.ts names it. */
  returns: string;
  answer: (call: Call<Parameters>) => Answer;
};

/** An endpoint whose parameters are not known to the outside: reading comes before answering. */
export type Endpoint = Pick<Definition<object, Shape>, 'method' | 'path' | 'permission'> & {
  /** Throws on parameters that Stripe refuses; the result does the work. */
  prepare: (call: RawCall, input: DecodedObject) => () => unknown;
};

/** Declares one call of the API by the parameters that Stripe's client has for it. */
export function endpoint<Real extends object>() {
  return <Parameters extends Shape>(definition: Definition<Real, Parameters>): Endpoint => {
    const { method, path, permission, returns, answer } = definition;
    const left = new Set(Object.keys(definition.unmodelled));
    return {
      method,
      path,
      permission,
      prepare: ({ credential, ...call }, { expand: expandInput, ...input }) => {
        const missing = Object.keys(input).find((name) => left.has(name));
        if (missing !== undefined) throw notModelled(`${missing} of ${method} ${path}`);
        const parameters = readParameters<Parameters>(definition.parameters, input);
        const paths = expandInput === undefined ? [] : list(string)(expandInput, 'expand');
        checkExpansion(returns, paths);
        for (const needed of permissionsFor(returns, paths)) {
          authorize(call.state, credential, needed);
        }
        return () => expand(call.state, returns, answer({ ...call, parameters }), paths);
      },
    };
  };
}
