/** The compact snapshot of a shard, and the signed deltas that form a chain after it; as lists/delta.py. */

import { hex } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import * as compact from "./compact.js";
import { openList } from "./cose.js";
import { Unreadable } from "./refusal.js";
import { withBits } from "./status-list.js";

const SNAPSHOT_KIND = "application/schulticket-status+cbor";
const DELTA_KIND = "application/schulticket-delta+cbor";
const MOST_SECONDS = 2 ** 33;

export const unwrapSnapshot = (data) => openList(data, SNAPSHOT_KIND);
export const unwrapDelta = (data) => openList(data, DELTA_KIND);

/** The state of a shard (see status-list.js) of a payload whose signature was checked. */
export async function parseSnapshot(payload) {
  const claims = claimsOf(payload, 5, "snapshot");
  if (!(claims.get(5) instanceof Uint8Array)) throw new Unreadable("snapshot");
  return withBits(headOf(claims, "snapshot"), compact.bitsOf(await compact.decode(claims.get(5))));
}

/** {head, places, before, after}: `places` change their bit; the hashes are texts in hex. */
export async function parseDelta(payload) {
  const claims = claimsOf(payload, 8, "delta");
  const [revoked, restored, before, after] = [5, 6, 7, 8].map((key) => claims.get(key));
  const isDelta = [revoked, restored, before, after].every((one) => one instanceof Uint8Array)
    && before.length === 32 && after.length === 32;
  if (!isDelta) throw new Unreadable("delta");
  const places = [...(await compact.decode(revoked)), ...(await compact.decode(restored))];
  return { head: headOf(claims, "delta"), places, before: hex(before), after: hex(after) };
}

export async function hashOf(bits) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bits)));
}

/** The bit list after. Throws Unreadable `delta_does_not_fit` where it was not made for `bits`. */
export async function apply(delta, bits) {
  if ((await hashOf(bits)) !== delta.before) throw new Unreadable("delta_does_not_fit", "before");
  const changed = bits.slice();
  for (const place of delta.places) changed[place >> 3] ^= 1 << (place & 7);
  if ((await hashOf(changed)) !== delta.after) throw new Unreadable("delta_does_not_fit", "after");
  return changed;
}

function claimsOf(payload, last, what) {
  const claims = decodeCbor(payload);
  const isComplete = claims instanceof Map && claims.size === last
    && Array.from({ length: last }, (_, at) => at + 1).every((key) => claims.has(key));
  if (!isComplete) throw new Unreadable(what);
  return claims;
}

const isWhole = (value, least, limit) => Number.isSafeInteger(value) && value >= least && value < limit;

/** Keys 1 to 4, which issued-list.js has too. Throws Unreadable. */
export function headOf(claims, what) {
  const [place, version, published, expires] = [1, 2, 3, 4].map((key) => claims.get(key));
  const isHead = Array.isArray(place) && place.length === 2 && isWhole(place[0], 0, 1 << 16)
    && isWhole(place[1], 0, 1 << 12) && isWhole(version, 1, 2 ** 53)
    && isWhole(published, 0, MOST_SECONDS) && isWhole(expires, 0, MOST_SECONDS);
  if (!isHead) throw new Unreadable(what, "head");
  const [publishedAt, expiresAt] = [published * 1000, expires * 1000];
  return { shard: place.join("-"), organisationId: place[0], version, publishedAt, expiresAt };
}
