/** The one export of Stripe's list of resources that its client builds: see `left-out.ts`. */
export function OAuthResource(): void {
  // There is nothing to build.
}
