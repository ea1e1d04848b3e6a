/**
 * The lists on this device: kept, fetched, checked before they take the place of older ones, and never forgotten.
 *
 * A set that does not check out, that goes back to an older version or comes from another root is not taken; the
 * device goes on with what it has, which grows old and then shows amber.
 */

import { equal, fromBase64 } from "../verify/bytes.js";
import { assemble, checkSuccession } from "../verify/trust.js";
import * as trustList from "../verify/trust-list.js";
import { Verifier } from "../verify/verifier.js";
import { get, put } from "./store.js";

const MOST_BYTES = 8_000_000;
const PATIENCE = 15_000;
const API = new URL("../../../v1/", import.meta.url);
const NO_TRUST = { authorities: new Map(), keys: new Map(), trustList: null, status: new Map(), leftOut: [], issued: new Map(), modules: new Map() };

export class Lists extends EventTarget {
  constructor() {
    super();
    this.verifier = new Verifier(NO_TRUST);
    this.raw = { certificates: new Map(), trusted: null, statuses: new Map(), issued: new Map() };
    this.refreshedAt = null;
    this.deviceTime = 0;
    this.problem = "";
    this.refreshing = null;
  }

  get trust() {
    return this.verifier.trust;
  }

  /** The oldest status list, or null: what is said of the lists' age must hold for every ticket. */
  get publishedAt() {
    const times = Array.from(this.trust.status.values(), (list) => list.publishedAt);
    return times.length ? Math.min(...times) : null;
  }

  /** The latest time that a list, or this device's own clock at an earlier refresh, has shown. */
  get newestTime() {
    const times = Array.from(this.trust.status.values(), (list) => list.publishedAt);
    return Math.max(this.deviceTime, this.trust.trustList?.issuedAt ?? 0, ...times);
  }

  /** What was kept from earlier visits. It is checked again: storage is not a place to trust. */
  async load() {
    const kept = await get("lists").catch(() => undefined);
    if (!kept) return;
    try {
      await this.take(kept.raw);
      this.refreshedAt = kept.refreshedAt;
      this.deviceTime = kept.deviceTime;
    } catch (error) {
      this.problem = error.message;
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Fetch all lists anew. Never throws; `problem` says what went wrong. Runs once at a time. */
  refresh() {
    this.refreshing ??= this.fetchAndTake().finally(() => {
      this.refreshing = null;
      this.dispatchEvent(new Event("change"));
    });
    return this.refreshing;
  }

  async fetchAndTake() {
    try {
      const raw = await fetchAll();
      // a shard that the service no longer tells of keeps its revocations
      for (const [shard, data] of this.raw.statuses) if (!raw.statuses.has(shard)) raw.statuses.set(shard, data);
      if (!isSame(raw, this.raw)) await this.take(raw);
      this.refreshedAt = Date.now();
      this.deviceTime = Math.max(this.deviceTime, this.refreshedAt);
      this.problem = "";
      const { refreshedAt, deviceTime } = this;
      await put("lists", { raw: this.raw, refreshedAt, deviceTime });
    } catch (error) {
      this.problem = error.name === "TypeError" || error.name === "TimeoutError" ? "offline" : error.message;
    }
  }

  /** Check a set and put it in the place of the one before. Throws Unusable. */
  async take(raw) {
    const trust = await assemble(raw.certificates.values(), raw.trusted, raw.statuses.values(), raw.issued.values());
    checkSuccession(this.trust, trust);
    this.verifier = new Verifier(trust);
    this.raw = raw;
  }
}

async function fetchAll() {
  const [trusted, { certificates }, { shards }] = await Promise.all([
    fetchBytes("trust-list"), fetchJson("certificates"), fetchJson("status-lists"),
  ]);
  const named = new Map(Object.entries(certificates).map(([name, text]) => [name, fromBase64(text)]));
  const statuses = await fetchMany("status-lists", shards);
  // two megabytes a million tickets: only when a key was stolen they are of use
  const issued = trusted && hasTheft(trusted) ? await fetchMany("issued-lists", (await fetchJson("issued-lists")).parts) : new Map();
  return { certificates: named, trusted, statuses, issued };
}

/** Unchecked: it only decides what else is fetched. */
function hasTheft(trusted) {
  const { keys, modules } = trustList.parse(trustList.unwrap(trusted).payload);
  return modules.size > 0 || keys.some((key) => key.compromisedSince !== null);
}

async function fetchMany(folder, names) {
  const found = await Promise.all(names.map(async (name) => [name, await fetchBytes(`${folder}/${encodeURIComponent(name)}`)]));
  return new Map(found.filter(([, data]) => data !== null));
}

/** Null where the service has none yet. The browser asks with the ETag it has: mostly nothing is sent. */
async function fetchBytes(path) {
  const answer = await fetch(new URL(path, API), {
    cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const data = new Uint8Array(await answer.arrayBuffer());
  if (data.length > MOST_BYTES) throw new Error(`${path}: ${data.length} bytes`);
  return data;
}

async function fetchJson(path) {
  const data = await fetchBytes(path);
  if (data === null) throw new Error(`${path}: 404`);
  return JSON.parse(new TextDecoder().decode(data));
}

function isSame(one, other) {
  const same = (some, others) => some.size === others.size
    && [...some].every(([name, data]) => others.has(name) && equal(data, others.get(name)));
  const isTrusted = one.trusted === other.trusted || (one.trusted && other.trusted && equal(one.trusted, other.trusted));
  return isTrusted && same(one.certificates, other.certificates) && same(one.statuses, other.statuses) && same(one.issued, other.issued);
}
