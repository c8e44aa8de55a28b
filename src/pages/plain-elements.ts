/**
 * Stands for the elements that Hono moves into the head of a page (`alias` in wrangler.toml). Ours
 * are written there: https://hono.dev/docs/guides/jsx#metadata-hoisting
 */
export const components_exports = {};
