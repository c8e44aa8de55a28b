/** Stands for Drizzle's enums of Postgres (.ci/left-out.ts), which `sql` asks for. */
export const isPgEnum = (): boolean => false;
