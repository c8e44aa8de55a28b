import { type ApiError, invalid, notModelled } from './errors.ts';
import type { Decoded, DecodedObject } from './form.ts';

/** Reads one parameter or throws what Stripe answers; `name` is the full name, `a[b]`. */
export type Rule<Value> = (input: Decoded, name: string) => Value;
export type Shape = { readonly [name: string]: Rule<unknown> };
export type Values<Parameters extends Shape> = {
  [Name in keyof Parameters]: Parameters[Name] extends { required: true }
    ? ReturnType<Parameters[Name]>
    : ReturnType<Parameters[Name]> | undefined;
};

export function required<Value>(rule: Rule<Value>): Rule<Value> & { required: true } {
  return Object.assign((input: Decoded, name: string) => rule(input, name), {
    required: true as const,
  });
}

/** An empty value unsets the parameter: it is read as `null`. */
export function emptyable<Value>(rule: Rule<Value>): Rule<Value | null> {
  return (input, name) => (input === '' ? null : rule(input, name));
}

export function text(maximum = 5000): Rule<string> {
  return (input, name) => {
    const value = scalar(input, name, 'string');
    if (value.length <= maximum) return value;
    const shown = `${value.slice(0, 10)}...${value.slice(-10)}`;
    throw invalid(name, `Invalid string: ${shown}; must be at most ${maximum} characters`);
  };
}

export const string = text();

export function integer(minimum = 0, maximum = Number.MAX_SAFE_INTEGER): Rule<number> {
  return (input, name) => {
    const value = scalar(input, name, 'integer');
    const code = 'parameter_invalid_integer';
    if (!/^-?\d+$/.test(value)) throw invalid(name, `Invalid integer: ${value}`, code);
    if (Number(value) < minimum) {
      throw invalid(name, `This value must be greater than or equal to ${minimum}.`, code);
    }
    if (Number(value) > maximum) {
      const now = `(it currently is '${value}')`;
      throw invalid(name, `This value must be less than or equal to ${maximum} ${now}.`, code);
    }
    return Number(value);
  };
}

export const boolean: Rule<boolean> = (input, name) => {
  const value = scalar(input, name, 'boolean');
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalid(name, `Invalid boolean: ${value}`);
};

export function oneOf<const Choice extends string>(...choices: Choice[]): Rule<Choice> {
  const alternatives = new Intl.ListFormat('en', { type: 'disjunction' }).format(choices);
  return (input, name) => {
    const value = scalar(input, name, 'string');
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw invalid(name, `Invalid ${name}: must be one of ${alternatives}`);
  };
}

export function list<Value>(rule: Rule<Value>): Rule<Value[]> {
  return (input, name) => {
    if (isList(input)) return input.map((item, index) => rule(item, `${name}[${index}]`));
    throw invalid(name, 'Invalid array');
  };
}

export function object<Parameters extends Shape>(parameters: Parameters): Rule<Values<Parameters>> {
  return (input, name) => {
    if (isObject(input)) return readParameters(parameters, input, name);
    throw invalid(name, 'Invalid object');
  };
}

/** The same, held to the client's type: its other parameters are refused as not modelled. */
export function objectOf<Real extends object>() {
  return <Parameters extends Shape>(
    parameters: Parameters & Record<Exclude<keyof Parameters, keyof Real>, never>,
    unmodelled: Record<Exclude<keyof Real, keyof Parameters>, true>,
  ): Rule<Values<Parameters>> => {
    const left = new Set(Object.keys(unmodelled));
    const read = object<Parameters>(parameters);
    return (input, name) => {
      const found = isObject(input) && Object.keys(input).find((each) => left.has(each));
      if (found) throw notModelled(`${name}[${found}]`);
      return read(input, name);
    };
  };
}

/** Reads the parameters of a call (or, with a prefix, of an object in it) strictly. */
export function readParameters<Parameters extends Shape>(
  parameters: Parameters,
  input: DecodedObject,
  prefix = '',
): Values<Parameters> {
  const fullName = (name: string) => (prefix ? `${prefix}[${name}]` : name);
  const unknown = Object.keys(input).filter((name) => !Object.hasOwn(parameters, name));
  if (unknown[0] !== undefined) {
    const noun = unknown.length > 1 ? 'parameters' : 'parameter';
    const message = `Received unknown ${noun}: ${unknown.map(fullName).join(', ')}`;
    throw invalid(fullName(unknown[0]), message, 'parameter_unknown');
  }
  const values: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(parameters)) {
    const value = input[name];
    if (value !== undefined) values[name] = rule(value, fullName(name));
    else if ('required' in rule) throw missingParameter(fullName(name));
  }
  // Each rule has just read its own field, which is what Values says.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return values as Values<Parameters>;
}

export function missingParameter(name: string): ApiError {
  return invalid(name, `Missing required param: ${name}.`, 'parameter_missing');
}

export function isObject(input: Decoded): input is DecodedObject {
  return typeof input === 'object' && !Array.isArray(input);
}

export function isList(input: Decoded): input is readonly Decoded[] {
  return Array.isArray(input);
}

/** A parameter that is one value, neither a list nor an object, and not empty. */
export function scalar(input: Decoded, name: string, kind: string): string {
  if (typeof input !== 'string') throw invalid(name, `Invalid ${kind}: ${JSON.stringify(input)}`);
  if (input !== '') return input;
  const message =
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a ` +
    `parameter; however '${name}' cannot be unset. You should remove '${name}' from your request ` +
    'or supply a non-empty value.';
  throw invalid(name, message, 'parameter_invalid_empty');
}
