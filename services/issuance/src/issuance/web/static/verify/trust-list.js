/** The trust list: which keys may sign tickets and status lists, signed by the offline root (see lists/trust_list.py). */

import { hex } from "./bytes.js";
import { decode } from "./cbor.js";
import { KEY_ID_BYTES, openList } from "./cose.js";
import { Unreadable } from "./refusal.js";

const KIND = "application/schulticket-trust-list+cbor";
const ES256 = -7;
const STATES = ["next", "active", "retired", "compromised"];
const USES = ["ticket", "status"];
const MOST_SECONDS = 2 ** 33;

export const unwrap = (data) => openList(data, KIND);

/** The payload, unchecked: the list brings the key (`root`, x and y) that must have signed it. */
export function parse(payload) {
  const list = decode(payload);
  const get = (key) => (list instanceof Map ? list.get(key) : undefined);
  const [version, keys, root] = [get(1), get(4), get(5)];
  const isList = isWhole(version, 1, 2 ** 53) && Array.isArray(keys) && root instanceof Uint8Array && root.length === 64;
  const isKnown = list instanceof Map && [...list.keys()].every((key) => isWhole(key, 1, 7));
  const modules = isKnown && list.has(6) ? list.get(6) : [];
  if (!isList || !isKnown || !Array.isArray(modules) || (list.has(6) && !modules.length)) {
    throw new Unreadable("trust_list");
  }
  const stolen = new Map(modules.map(parseModule));
  const found = keys.map(parseKey);
  // of two entries under one id a reader would take one or the other, and with it another state
  if (new Set(found.map(({ keyId }) => keyId)).size !== found.length) throw new Unreadable("trust_list", "key id twice");
  return { version, issuedAt: time(get(2)), expiresAt: time(get(3)), keys: found, root, modules: stolen, payload };
}

function parseKey(key) {
  const get = (name) => (key instanceof Map ? key.get(name) : undefined);
  const [keyId, point, organisations] = [get(1), get(3), get(6)];
  const isKey = keyId instanceof Uint8Array && keyId.length === KEY_ID_BYTES && get(2) === ES256
    && point instanceof Uint8Array && point.length === 64 && STATES.includes(get(4)) && USES.includes(get(5))
    && Array.isArray(organisations) && organisations.every((one) => isWhole(one, 0, 1 << 16));
  if (!isKey || (get(4) === "compromised") !== key.has(8)) throw new Unreadable("trust_list", "key");
  return {
    keyId: hex(keyId), point, state: get(4), use: get(5), organisationIds: organisations, notAfter: time(get(7)),
    compromisedSince: key.has(8) ? time(get(8)) : null,
    shards: get(5) === "status" && key.has(9) ? parseShards(get(9)) : [],
  };
}

/** The shards whose status lists are published, in order, each once: `organisation-number`. */
function parseShards(shards) {
  const isShard = (one) => Array.isArray(one) && one.length === 2 && isWhole(one[0], 0, 1 << 16) && isWhole(one[1], 0, 1 << 12);
  const order = Array.isArray(shards) && shards.every(isShard) ? shards.map(([one, number]) => one * 4096 + number) : [];
  if (!order.length || order.some((one, at) => at > 0 && one <= order[at - 1])) throw new Unreadable("trust_list", "shards");
  return shards.map((one) => one.join("-"));
}

/** A module (SAM) in a thief's hands: its name, `sub-CA.number`, and since when. */
function parseModule(module) {
  const [subCa, number, since] = Array.isArray(module) && module.length === 3 ? module : [];
  const isModule = subCa instanceof Uint8Array && subCa.length === 8 && Number.isSafeInteger(number) && number >= 0 && number < 1 << 24;
  if (!isModule) throw new Unreadable("trust_list", "module");
  return [`${hex(subCa)}.${number}`, time(since)];
}

function isWhole(value, least, limit) {
  return Number.isSafeInteger(value) && value >= least && value < limit;
}

function time(seconds) {
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds >= MOST_SECONDS) throw new Unreadable("trust_list", "time");
  return seconds * 1000;
}
