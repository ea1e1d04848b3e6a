/** What the verifier found of a code; of several the worst. */

/** The first that is found counts, where a picture or a code holds several tickets; as issuance/domain/verdict.py. */
const ORDER = [
  "unreadable", "invalid", "unknown_issuer", "revoked", "suspended", "expired", "not_yet_valid", "status_stale",
  "status_unchecked", "valid",
];

export const finding = (verdict, reasons, ticket = null) => ({ verdict, reasons, ticket });

/** The worst ticket counts; what is no ticket, only where there is no other. */
export function mostSerious(findings) {
  const tickets = findings.filter(({ verdict }) => verdict !== "unreadable");
  const rank = ({ verdict }) => ORDER.indexOf(verdict);
  return (tickets.length ? tickets : findings).reduce((worst, one) => (rank(one) < rank(worst) ? one : worst));
}
