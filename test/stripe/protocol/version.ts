/** The version of the API this stand-in was modelled on; the account's default. */
export const apiVersion = '2026-10-28.endive';
