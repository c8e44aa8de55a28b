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

/** The name under which a principal's requests are counted. */
export function countedAs(principal: Principal): string {
  return 'subject' in principal ? principal.subject : principal.customers.join();
}
