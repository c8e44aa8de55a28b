/** Stands for Drizzle's enums of Postgres (`alias` in wrangler.toml), which `sql` asks for. */
export const isPgEnum = (): boolean => false;
