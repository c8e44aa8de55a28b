import type { Intent } from '../intent.ts';

/** The page that asks which, and goes on with the same intent. */
export function chooserFor({ flow, locale }: Intent): string {
  const query = new URLSearchParams({ ...(flow && { flow }), ...(locale && { locale }) });
  return query.size > 0 ? `/billing?${query.toString()}` : '/billing';
}
