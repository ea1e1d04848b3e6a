/**
 * The lists on this device: kept, fetched, checked before they take the place of older ones, and never forgotten.
 *
 * Status is followed from delta to delta; where the chain does not hold, from the snapshot. What does not check out,
 * goes back to an older version, tells another history or comes from another root is not taken; the device goes on
 * with what it has, which grows old and then shows amber.
 */

import { equal } from "../verify/bytes.js";
import { sequence } from "../verify/cbor.js";
import { Broken, follow, pin, start } from "../verify/follow.js";
import { Refusal } from "../verify/refusal.js";
import * as trustList from "../verify/trust-list.js";
import { assemble, openDelta, openSnapshot, openStatus, openTrustList } from "../verify/trust.js";
import { Verifier } from "../verify/verifier.js";
import { clock, fetchBytes, fetchCertificates, fetchJson, fetchMany, fetchShards, isOffline } from "./fetching.js";
import { get, put } from "./store.js";

/** Then the snapshot is smaller than its deltas, and quicker to check at the next start. */
const MOST_LINKS = 60;
const NO_TRUST = {
  authorities: new Map(), keys: new Map(), statusKeys: new Map(), trustList: null, status: new Map(), leftOut: [],
  issued: new Map(), modules: new Map(),
};

export class Lists extends EventTarget {
  constructor() {
    super();
    this.verifier = new Verifier(NO_TRUST);
    /** As they came: certificates, the trust list, by shard {snapshot, deltas} or a status list, filters. */
    this.raw = { certificates: new Map(), trusted: null, statuses: new Map(), issued: new Map() };
    this.refreshedAt = null;
    /** What time it was, by the service, when it last answered; by this device where the service told none. */
    this.deviceTime = 0;
    /** A word of the page, or a code with what it is about. */
    this.problem = "";
    this.refreshing = null;
    /** Whether storage has what is here. */
    this.isKept = false;
  }

  get trust() {
    return this.verifier.trust;
  }

  /** The oldest status list, or null: what is said of the lists' age must hold for every ticket. */
  get publishedAt() {
    const times = Array.from(this.trust.status.values(), (list) => list.publishedAt);
    return times.length ? Math.min(...times) : null;
  }

  /** How far this device's clock is ahead of the service's, in milliseconds; 0 where they agree. */
  clockAhead(now) {
    return clock.aheadAt(now);
  }

  /** The latest time that a list, or the service at an earlier refresh, has shown. */
  get newestTime() {
    const times = Array.from(this.trust.status.values(), (list) => list.publishedAt);
    return Math.max(this.deviceTime, this.trust.trustList?.issuedAt ?? 0, ...times);
  }

  /** What was kept from earlier visits. It is checked again: storage is not a place to trust. */
  async load() {
    const kept = await get("lists").catch(() => undefined);
    if (!kept) return;
    try {
      const { certificates, trusted, issued } = kept.raw;
      const trust = await assemble(certificates.values(), trusted, [], issued.values());
      const { status, statuses } = await under(trust, kept.raw.statuses);
      this.verifier = new Verifier({ ...trust, status });
      this.raw = { ...kept.raw, statuses };
      const { measured, ...refreshed } = (await get("refreshed").catch(() => undefined)) ?? {};
      Object.assign(this, refreshed);
      if (measured) clock.measured = measured;
    } catch (error) {
      this.problem = error.message;
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Ask for what is new. Never throws; `problem` says what went wrong. Runs once at a time. */
  refresh() {
    this.refreshing ??= this.fetchAndTake().finally(() => {
      this.refreshing = null;
      this.dispatchEvent(new Event("change"));
    });
    return this.refreshing;
  }

  async fetchAndTake() {
    const before = this.raw;
    clock.begin();
    try {
      this.problem = await this.catchUp();
      this.refreshedAt = clock.settle() ?? Date.now();
      this.deviceTime = clock.latest?.told ?? Math.max(this.deviceTime, this.refreshedAt);
    } catch (error) {
      this.problem = isOffline(error) ? "offline" : error.message;
      // an answer that brings no list that can be taken tells the time all the same
      if (clock.settle() === null) return;
      this.deviceTime = clock.latest.told;
      await put("refreshed", this.times).catch(() => {});
      return;
    }
    await this.keep(before);
  }

  get times() {
    return { refreshedAt: this.refreshedAt, deviceTime: this.deviceTime, measured: clock.measured };
  }

  /** What was taken in, against the next start without a network. */
  async keep(before) {
    const { raw } = this;
    // megabytes, where a key was stolen: written only when they have changed
    const lists = raw === before && this.isKept ? [] : [put("lists", { raw })];
    this.isKept = await Promise.all([...lists, put("refreshed", this.times)]).then(() => true, () => false);
    if (!this.isKept) this.problem ||= "not_kept";
  }

  /** Returns what was not taken and why, or "". */
  async catchUp() {
    // 1. What there is.
    const [trusted, certificates, shards] = await Promise.all([fetchBytes("trust-list"), fetchCertificates(), fetchShards()]);
    // by a wrong clock nothing is green; the lists are taken all the same, so that a revoked ticket is known as one
    const told = clock.settle();
    const now = this.clockAhead(Date.now()) ? told : Date.now();
    // two megabytes a million tickets: only when a key was stolen they are of use
    const issued = trusted && hasTheft(trusted) ? await fetchMany("issued-lists", (await fetchJson("issued-lists")).parts) : new Map();
    // 2. Keys and certificates: a list that does not continue the one before changes nothing at all.
    let { trust, raw } = this;
    if (!isSame({ certificates, trusted, issued }, raw)) {
      await checkTrustList(this.trust.trustList, trusted, now);
      trust = await assemble(certificates.values(), trusted, [], issued.values());
      const kept = await under(trust, raw.statuses);
      trust = { ...trust, status: kept.status };
      raw = { certificates, trusted, issued, statuses: kept.statuses };
    }
    // 3. Status, shard by shard: one that is refused stays as it was, and the others go on.
    const [status, statuses, problems] = [new Map(trust.status), new Map(raw.statuses), []];
    // what the root has named must be there: a service that leaves out a shard would make its revoked tickets amber
    for (const shard of trust.trustList?.shards ?? []) if (!shards.has(shard)) problems.push(`omission: ${shard}`);
    await Promise.all([...shards].map(async ([shard, { version, at }]) => {
      const known = status.get(shard);
      if (known && version === known.version && at === placeOf(known)) return;
      try {
        const found = await nextOf(shard, at, trust, raw.statuses.get(shard), now);
        if (!found) return;
        statuses.set(shard, found.raw);
        status.set(shard, found.state);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        problems.push(`${error.reason}: ${shard}`);
      }
    }));
    const isNew = raw !== this.raw || [...statuses].some(([shard, one]) => one !== raw.statuses.get(shard));
    if (isNew) {
      this.verifier = new Verifier({ ...trust, status });
      this.raw = { ...raw, statuses };
    }
    return problems.join(", ");
  }
}

/** Throws Refusal where the service's trust list must not take the place of the one known. */
async function checkTrustList(known, trusted, now) {
  if (trusted) pin(known, await openTrustList(trusted), now);
  else if (known) throw new Broken("other_issuer");
}

/** Of what was kept, what holds under these keys: what a key signed that was stolen since is begun anew. */
async function under(trust, kept) {
  const [status, statuses] = [new Map(), new Map()];
  for (const [shard, one] of kept) {
    try {
      status.set(shard, await openStatus(one, trust.statusKeys));
      statuses.set(shard, one);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return { status, statuses };
}

/** Where the service has lists of this form. */
const placeOf = (state) => (state.hasTwoBits ? "v2" : "v1");

/** {state, raw} of a shard, newer or as it was; null where the service has none. `at`: v1 or v2. Throws Refusal. */
async function nextOf(shard, at, trust, known, now) {
  const state = trust.status.get(shard) ?? null;
  // 1. Along the chain, where one of this form has begun.
  if (state && placeOf(state) === at && known?.deltas && known.deltas.length < MOST_LINKS) {
    const followed = await alongTheChain(shard, trust, known, state, now);
    if (followed) return followed;
  }
  // 2. From the snapshot, if it continues what was seen.
  const snapshot = await fetchBytes(`status-lists/${shard}/snapshot`, at);
  if (snapshot) {
    const begun = await start(state, await openSnapshot(snapshot, trust.statusKeys), now);
    return checked(shard, { state: begun, raw: { snapshot, deltas: [] } });
  }
  // 3. From the standard list, where the service has no other yet.
  const listed = await fetchBytes(`status-lists/${shard}`, at);
  if (!listed) return null;
  const begun = await openStatus(listed, trust.statusKeys);
  return checked(shard, { state: await start(state, begun, now), raw: listed });
}

/** Null where the chain breaks or does not reach back so far: the snapshot tells whether that is somebody's doing. */
async function alongTheChain(shard, trust, known, state, now) {
  const data = await fetchBytes(`status-lists/${shard}/deltas?since=${state.version}`, placeOf(state));
  if (data === null) return null;
  try {
    const added = sequence(data);
    if (!added.length) return { state, raw: known };
    const links = await Promise.all(added.map((one) => openDelta(one, trust.statusKeys)));
    return { state: await follow(state, links, now), raw: { snapshot: known.snapshot, deltas: [...known.deltas, ...added] } };
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function checked(shard, found) {
  if (found.state.shard !== shard) throw new Broken("other_issuer", shard);
  return found;
}

/** Unchecked: it only decides what else is fetched. */
function hasTheft(trusted) {
  const { keys, modules } = trustList.parse(trustList.unwrap(trusted).payload);
  return modules.size > 0 || keys.some((key) => key.compromisedSince !== null);
}

function isSame(one, other) {
  const same = (some, others) => some.size === others.size
    && [...some].every(([name, data]) => others.has(name) && equal(data, others.get(name)));
  const isTrusted = one.trusted === other.trusted || (one.trusted && other.trusted && equal(one.trusted, other.trusted));
  return isTrusted && same(one.certificates, other.certificates) && same(one.issued, other.issued);
}
