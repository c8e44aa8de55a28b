export {};

declare module 'vitest' {
  interface ProvidedContext {
    /** How many random histories are played. */
    histories: number;
  }
}
