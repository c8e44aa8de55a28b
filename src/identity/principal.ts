/** What may be known of a principal besides. */
type Details = {
  email?: string;
  /** The provider has checked that the address is theirs. */
  emailVerified?: boolean;
};

/** Someone that the site bills, by the name that it knows them by. */
export type SubjectPrincipal = Details & { subject: string };

/** Stripe customers by their ids, as a signed link can name them. */
export type CustomersPrincipal = Details & { customers: string[] };

/** Who is meant, proven. */
export type Principal = SubjectPrincipal | CustomersPrincipal;

/** One name for each principal, to compare them and to count their requests. */
export function nameOf(principal: Principal): string {
  return 'subject' in principal
    ? `subject ${principal.subject}`
    : `customers ${principal.customers.join()}`;
}
