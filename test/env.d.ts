declare namespace Cloudflare {
  interface Env {
    /** The state that replicas still have. */
    REPLICA: D1Database;
    /** A database that a former release has made. */
    FORMER: D1Database;
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
    /** Keeps, in Node, what a release asks D1. */
    SCRIBE: Fetcher;
  }
}

declare module '*.md?raw' {
  const text: string;
  export default text;
}

declare module '*.json?raw' {
  const text: string;
  export default text;
}

declare module '*.toml?raw' {
  const text: string;
  export default text;
}

declare module 'virtual:bundle' {
  type Figures = {
    gzippedBytes: number;
    /** Bytes, minified, by packages and folders of `src`. */
    parts: Record<string, number>;
    modules: string[];
    files: string[];
    /** What is imported of the runtime, such as `node:async_hooks`. */
    ofRuntime: string[];
    /** Such as `Buffer.`. */
    globalsOfNode: string[];
  };
  /** What `wrangler deploy` would upload, and of it what runs before the first `import()`. */
  export const all: Figures;
  export const starting: Figures;
  export const loadedByRedirect: string[];
  /** Resources of Stripe's client, such as `checkout.sessions`: in it, and called by the Worker. */
  export const bundledResources: string[];
  export const calledResources: string[];
  export const hiddenUses: string[];
}

declare module 'virtual:entrypoint-example' {
  /** The code of src/doors/ENTRYPOINT.md. */
  export const openBilling: (
    request: Request,
    env: { BILLING: object },
    user: { id: string },
  ) => Promise<Response>;
}

declare module 'virtual:mount-example' {
  /** The app of src/doors/MOUNT.md, whose sessions are in test/auth-of-example.ts. */
  const worker: {
    fetch: (request: Request, env: object, context: ExecutionContext) => Promise<Response>;
  };
  export default worker;
}

interface ImportMeta {
  /** Vite's: https://vite.dev/guide/features#glob-import */
  glob(
    patterns: string | string[],
    options?: { query: string; import: string; eager: true },
  ): Record<string, unknown>;
}
