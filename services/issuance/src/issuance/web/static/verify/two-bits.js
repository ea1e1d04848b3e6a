/**
 * The state of a shard in two bits a place, as a Token Status List has it: 0 good, 1 revoked, 2 suspended; place 0 is in
 * the lowest two bits of byte 0. As lists/two_bits.py.
 */

import * as compact from "./compact.js";
import { Unreadable } from "./refusal.js";

export const [GOOD, REVOKED, SUSPENDED] = [0, 1, 2];
export const SIZE = compact.PLACES / 4;

export const valueOf = (bits, place) => (bits[place >> 2] >> (2 * (place & 3))) & 3;

/** Of the three sets of a delta: revoked, suspended, good again. */
export function change(bits, sets) {
  const changed = bits.slice();
  sets.forEach((places, at) => {
    const value = [REVOKED, SUSPENDED, GOOD][at];
    for (const place of places) {
      const shift = 2 * (place & 3);
      changed[place >> 2] = (changed[place >> 2] & ~(3 << shift)) | (value << shift);
    }
  });
  return changed;
}

/** The bit list of two sets in compact form. Throws Unreadable `compact`. */
export async function decode(revoked, suspended) {
  const sets = [await compact.decode(revoked), await compact.decode(suspended)];
  const known = new Set(sets[0]);
  if (sets[1].some((place) => known.has(place))) throw new Unreadable("compact", "a place in two sets");
  return change(new Uint8Array(SIZE), sets);
}

/** Throws Unreadable `status_list` where a place has the fourth value. */
export function check(bits) {
  if (bits.some((byte) => byte & (byte >> 1) & 0x55)) throw new Unreadable("status_list", "a value that nobody uses");
  return bits;
}
