/**
 * The compact snapshot of a shard, and the signed deltas that form a chain after it; of one bit as lists/delta.py, of two
 * as lists/delta_v2.py. The kind of the list tells which.
 */

import { hex } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import * as compact from "./compact.js";
import { openList } from "./cose.js";
import { Unreadable } from "./refusal.js";
import { withBits } from "./status-list.js";
import * as twoBits from "./two-bits.js";

const SNAPSHOT_KIND = "application/schulticket-status+cbor";
const DELTA_KIND = "application/schulticket-delta+cbor";
const SNAPSHOT_KIND_V2 = "application/schulticket-status.v2+cbor";
const DELTA_KIND_V2 = "application/schulticket-delta.v2+cbor";
const HEAD_V2 = [1, 2, 3, 4, 9];
const MOST_SECONDS = 2 ** 33;

export const unwrapSnapshot = (data) => openList(data, SNAPSHOT_KIND);
export const unwrapDelta = (data) => openList(data, DELTA_KIND);
export const unwrapSnapshotV2 = (data) => openList(data, SNAPSHOT_KIND_V2);
export const unwrapDeltaV2 = (data) => openList(data, DELTA_KIND_V2);

/** The state of a shard (see status-list.js) of a payload whose signature was checked. */
export async function parseSnapshot(payload) {
  const claims = claimsOf(payload, [1, 2, 3, 4, 5], "snapshot");
  if (!(claims.get(5) instanceof Uint8Array)) throw new Unreadable("snapshot");
  return withBits(headOf(claims, "snapshot"), compact.bitsOf(await compact.decode(claims.get(5))));
}

/** The same of two bits. */
export async function parseSnapshotV2(payload) {
  const claims = claimsOf(payload, [...HEAD_V2, 10, 11], "snapshot");
  const sets = [claims.get(10), claims.get(11)];
  if (!sets.every((one) => one instanceof Uint8Array)) throw new Unreadable("snapshot");
  return withBits(headOf(claims, "snapshot"), await twoBits.decode(...sets));
}

/** {head, change, before, after}: `change` makes the bit list after; the hashes are texts in hex. */
export async function parseDelta(payload) {
  const claims = claimsOf(payload, [1, 2, 3, 4, 5, 6, 7, 8], "delta");
  const [revoked, restored, before, after] = [5, 6, 7, 8].map((key) => claims.get(key));
  const isDelta = [revoked, restored, before, after].every((one) => one instanceof Uint8Array)
    && before.length === 32 && after.length === 32;
  if (!isDelta) throw new Unreadable("delta");
  const places = [...(await compact.decode(revoked)), ...(await compact.decode(restored))];
  return { head: headOf(claims, "delta"), change: (bits) => flipped(bits, places), before: hex(before), after: hex(after) };
}

/** The same of two bits. */
export async function parseDeltaV2(payload) {
  const claims = claimsOf(payload, [...HEAD_V2, 10, 11, 12, 13, 14], "delta");
  const [before, after] = [claims.get(13), claims.get(14)];
  const sets = [10, 11, 12].map((key) => claims.get(key));
  const isDelta = [...sets, before, after].every((one) => one instanceof Uint8Array)
    && before.length === 32 && after.length === 32;
  if (!isDelta) throw new Unreadable("delta");
  const places = [];
  for (const set of sets) places.push(await compact.decode(set));
  return { head: headOf(claims, "delta"), change: (bits) => twoBits.change(bits, places), before: hex(before), after: hex(after) };
}

function flipped(bits, places) {
  const changed = bits.slice();
  for (const place of places) changed[place >> 3] ^= 1 << (place & 7);
  return changed;
}

export async function hashOf(bits) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bits)));
}

/** The bit list after. Throws Unreadable `delta_does_not_fit` where it was not made for `bits`. */
export async function apply(delta, bits) {
  if ((await hashOf(bits)) !== delta.before) throw new Unreadable("delta_does_not_fit", "before");
  const changed = delta.change(bits);
  if ((await hashOf(changed)) !== delta.after) throw new Unreadable("delta_does_not_fit", "after");
  return changed;
}

function claimsOf(payload, keys, what) {
  const claims = decodeCbor(payload);
  const isComplete = claims instanceof Map && claims.size === keys.length && keys.every((key) => claims.has(key));
  if (!isComplete) throw new Unreadable(what);
  return claims;
}

const isWhole = (value, least, limit) => Number.isSafeInteger(value) && value >= least && value < limit;

/** Keys 1 to 4, which issued-list.js has too, and 9 where the list has two bits. Throws Unreadable. */
export function headOf(claims, what) {
  const [place, version, published, expires] = [1, 2, 3, 4].map((key) => claims.get(key));
  const isHead = Array.isArray(place) && place.length === 2 && isWhole(place[0], 0, 1 << 16)
    && isWhole(place[1], 0, 1 << 12) && isWhole(version, 1, 2 ** 53)
    && isWhole(published, 0, MOST_SECONDS) && isWhole(expires, 0, MOST_SECONDS)
    && (!claims.has(9) || isWhole(claims.get(9), 1, 2 ** 53));
  if (!isHead) throw new Unreadable(what, "head");
  const [publishedAt, expiresAt] = [published * 1000, expires * 1000];
  return { shard: place.join("-"), organisationId: place[0], version, epoch: claims.get(9) ?? 0, publishedAt, expiresAt };
}
