/** Stands for Hono's mounting of other apps (.ci/left-out.ts): the Worker mounts none. */
export function createMountedRequest(): never {
  throw new Error('app.mount() is left out of the bundle: see .ci/left-out.ts.');
}
