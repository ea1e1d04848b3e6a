/**
 * How a scanner follows lists from version to version, and notices when somebody holds something back; the same rules
 * and codes as lists/follow.py: `rollback` an older version, `fork` another history of the same version, `omission` a
 * link is missing, `other_issuer` another root or shard, `over` past its end.
 */

import { equal } from "./bytes.js";
import { apply, hashOf } from "./delta.js";
import { Refusal, Unreadable } from "./refusal.js";
import { withBits } from "./status-list.js";

/** A list that does not continue what was seen before. The scanner keeps what it has, and it grows old visibly. */
export class Broken extends Refusal {}

/** Begin with a snapshot's state, or jump to a newer one. `known` may be null. Throws Broken. */
export async function start(known, snapshot, at) {
  if (at > snapshot.expiresAt) throw new Broken("over");
  if (!known) return snapshot;
  if (snapshot.shard !== known.shard) throw new Broken("other_issuer", snapshot.shard);
  if (snapshot.version < known.version || snapshot.publishedAt < known.publishedAt) {
    throw new Broken("rollback", `${known.version} to ${snapshot.version}`);
  }
  // a list of two bits follows one of one bit, and the other way round: their bits cannot be compared
  const isOfOneForm = snapshot.hasTwoBits === known.hasTwoBits;
  if (isOfOneForm && snapshot.epoch < known.epoch) throw new Broken("rollback", `epoch ${known.epoch} to ${snapshot.epoch}`);
  if (isOfOneForm && snapshot.version === known.version && !equal(snapshot.bits, known.bits)) {
    throw new Broken("fork", `${known.version}`);
  }
  return snapshot;
}

/** Apply deltas in the order of their versions; what is known already is passed over. All or nothing. Throws Broken. */
export async function follow(known, deltas, at) {
  let state = known;
  for (const delta of deltas) {
    const { head } = delta;
    if (head.shard !== state.shard) throw new Broken("other_issuer", head.shard);
    if (head.version < state.version) continue;
    if (head.version === state.version) {
      if (delta.after !== (await hashOf(state.bits))) throw new Broken("fork", `${head.version}`);
      continue;
    }
    if (head.version > state.version + 1) throw new Broken("omission", `${state.version} to ${head.version}`);
    if (head.publishedAt < state.publishedAt || head.epoch < state.epoch) throw new Broken("rollback", "time or epoch");
    state = withBits(head, await fitting(delta, state.bits));
  }
  if (at > state.expiresAt) throw new Broken("over");
  return state;
}

async function fitting(delta, bits) {
  try {
    return await apply(delta, bits);
  } catch (error) {
    throw error instanceof Unreadable ? new Broken("fork", `${delta.head.version}`) : error;
  }
}

/** Whether a trust list whose signature was checked may take the place of `known` (or null). Throws Broken. */
export function pin(known, listed, at) {
  if (at > listed.expiresAt) throw new Broken("over");
  if (!known) return;
  if (!equal(listed.root, known.root)) throw new Broken("other_issuer");
  if (listed.version < known.version) throw new Broken("rollback", `${known.version} to ${listed.version}`);
  if (listed.version === known.version && !equal(listed.payload, known.payload)) throw new Broken("fork", `${known.version}`);
}
