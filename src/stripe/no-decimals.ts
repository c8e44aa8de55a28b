/**
 * Stands for the decimal and 64-bit numbers of Stripe's client (.ci/left-out.ts): fields
 * such as `unit_amount_decimal` stay the strings that the API sends. The Worker reads none of them.
 */
export const Decimal = { from: (digits: string): string => digits };

const asItIs = <T>(data: T): T => data;
export { asItIs as coerceV2RequestData, asItIs as coerceV2ResponseData };
