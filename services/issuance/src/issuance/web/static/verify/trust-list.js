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
  const isList = Number.isSafeInteger(version) && Array.isArray(keys) && root instanceof Uint8Array && root.length === 64;
  const modules = list instanceof Map && list.has(6) ? list.get(6) : null;
  const isKnown = list instanceof Map && [...list.keys()].every((key) => key >= 1 && key <= 6);
  if (!isList || !isKnown || (modules !== null && !(Array.isArray(modules) && modules.length))) {
    throw new Unreadable("trust_list");
  }
  const stolen = new Map((modules ?? []).map(parseModule));
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
    && Array.isArray(organisations) && organisations.every(Number.isSafeInteger);
  const since = Number.isSafeInteger(get(8)) ? get(8) : null;
  if (!isKey || (get(4) === "compromised") !== (since !== null)) throw new Unreadable("trust_list", "key");
  return {
    keyId: hex(keyId), point, state: get(4), use: get(5), organisationIds: organisations, notAfter: time(get(7)),
    compromisedSince: since === null ? null : time(since),
  };
}

/** A module (SAM) in a thief's hands: its name, `sub-CA.number`, and since when. */
function parseModule(module) {
  const [subCa, number, since] = Array.isArray(module) && module.length === 3 ? module : [];
  const isModule = subCa instanceof Uint8Array && subCa.length === 8 && Number.isSafeInteger(number) && number >= 0 && number < 1 << 24;
  if (!isModule) throw new Unreadable("trust_list", "module");
  return [`${hex(subCa)}.${number}`, time(since)];
}

function time(seconds) {
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds >= MOST_SECONDS) throw new Unreadable("trust_list", "time");
  return seconds * 1000;
}
