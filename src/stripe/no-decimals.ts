/**
 * Stands for the decimal numbers of Stripe's client (`alias` in wrangler.toml): fields such as
 * `unit_amount_decimal` stay the strings that the API sends. The Worker reads none of them.
 */
export const Decimal = { from: (digits: string): string => digits };
