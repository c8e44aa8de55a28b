/** Stands for Hono's mounting of other apps (`alias` in wrangler.toml): the Worker mounts none. */
export function createMountedRequest(): never {
  throw new Error('app.mount() is left out of the bundle: see `alias` in wrangler.toml.');
}
