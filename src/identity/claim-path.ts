/**
 * The value of a claim: of exactly this name, such as `https://example.com/roles`, or else along
 * the dots, such as `user.id`. Own properties only, so that no name finds a method.
 */
export function valueAt(claims: object, path: string): unknown {
  const whole = own(claims, path);
  if (whole !== undefined) return whole;
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isObject(value) ? own(value, name) : undefined), claims);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const own = (value: object, name: string): unknown =>
  Object.getOwnPropertyDescriptor(value, name)?.value;
