// In these, each customer has a zone below: such as `example.co.uk` and `example.workers.dev`.
const SHARED = /^(?:workers\.dev|pages\.dev|[a-z]{2,3}\.[a-z]{2})$/;

/** The domain that both hosts are in, if one owner may have it; undefined if there is none. */
export function commonZone(one: string, other: string): string | undefined {
  const labels = one.split('.').toReversed();
  const others = other.split('.').toReversed();
  const differs = labels.findIndex((label, index) => label !== others[index]);
  const common = (differs === -1 ? labels : labels.slice(0, differs)).toReversed();
  const zone = common.join('.');
  return common.length < 2 || SHARED.test(zone) ? undefined : zone;
}
