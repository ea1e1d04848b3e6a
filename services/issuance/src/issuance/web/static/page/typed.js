/** What an inspector types or pastes: a code's text or bytes, or a ticket's number. */

import { ascii, fromBase64, fromHex } from "../verify/bytes.js";
import { placeOf, shardOf } from "../verify/status-list.js";

/** {content} for a code, {number} for a number. */
export function understand(text) {
  // base45 has spaces, but neither at its end nor lines: what an e-mail broke is put together again
  const plain = text.replace(/[\r\n\t]/g, "").trim();
  if (/^\d{1,10}$/.test(plain) && Number(plain) < 2 ** 32) return { number: Number(plain) };
  if (plain.startsWith("S1:")) return { content: ascii(plain) };
  const compact = plain.replace(/\s/g, "");
  if (/^(?:[0-9a-f]{2})+$/i.test(compact)) return { content: fromHex(compact) };
  try {
    return { content: fromBase64(compact) };
  } catch {
    return { content: new TextEncoder().encode(plain) };
  }
}

/** What the status lists alone say of a number: never more than amber. {colour, why, verdict}, as show() has them */
export function lookUp(number, trust) {
  const lists = [...trust.status.values()].filter((list) => list.shard === shardOf(list.organisationId, number));
  if (!lists.length) return { colour: "amber", why: "number_without_list", verdict: "unreadable" };
  const isRevoked = lists.some((list) => list.isRevoked(placeOf(number)));
  if (isRevoked) return { colour: "red", why: "number_revoked", verdict: "revoked" };
  return lists.some((list) => list.isSuspended(placeOf(number)))
    ? { colour: "red", shade: "suspended", why: "number_suspended", verdict: "suspended" }
    : { colour: "amber", why: "number_unknown", verdict: "unreadable" };
}
