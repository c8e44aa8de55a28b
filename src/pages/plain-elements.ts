/**
 * Stands for the elements that Hono moves into the head of a page (.ci/left-out.ts). Ours
 * are written there: https://hono.dev/docs/guides/jsx#metadata-hoisting
 */
export const components_exports = {};
