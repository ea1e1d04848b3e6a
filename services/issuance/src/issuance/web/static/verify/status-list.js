/** Status lists: one bit per ticket number, as a Token Status List in CWT form. */

import { decode } from "./cbor.js";
import { PLACES, inflate } from "./compact.js";
import { openList } from "./cose.js";
import { Unreadable } from "./refusal.js";

const KIND = "application/statuslist+cwt";
const MOST_SECONDS = 2 ** 33;
const [SUBJECT, EXPIRY, ISSUED, STATUS_LIST, VERSION] = [2, 4, 6, 65533, -65537];

export const unwrap = (data) => openList(data, KIND);

export const shardOf = (organisationId, ticketNumber) => `${organisationId}-${Math.floor(ticketNumber / PLACES)}`;
export const placeOf = (ticketNumber) => ticketNumber % PLACES;

/** {shard, organisationId, version, publishedAt, expiresAt, bits, isRevoked(place)} of a payload whose signature was checked. */
export async function parse(payload) {
  const claims = decode(payload);
  const get = (key) => (claims instanceof Map ? claims.get(key) : undefined);
  const [subject, lists, version] = [get(SUBJECT), get(STATUS_LIST), get(VERSION)];
  const times = [get(ISSUED), get(EXPIRY)];
  if (typeof subject !== "string" || !(lists instanceof Map) || !Number.isSafeInteger(version)) {
    throw new Unreadable("status_list");
  }
  const shard = subject.slice(subject.lastIndexOf("/") + 1);
  const organisationId = checkShard(shard);
  const packed = lists.get("lst");
  if (lists.size !== 2 || lists.get("bits") !== 1 || !(packed instanceof Uint8Array)) {
    throw new Unreadable("status_list", "list");
  }
  if (!times.every((time) => Number.isSafeInteger(time) && time >= 0 && time < MOST_SECONDS)) {
    throw new Unreadable("status_list", "time");
  }
  const bits = await inflate(packed, PLACES / 8, true);
  const [publishedAt, expiresAt] = times.map((time) => time * 1000);
  return withBits({ shard, organisationId, version, publishedAt, expiresAt }, bits);
}

/** The state of a shard: its head and its bit list. */
export function withBits(head, bits) {
  return { ...head, bits, isRevoked: (place) => ((bits[place >> 3] >> (place & 7)) & 1) === 1 };
}

/** The organisation of a shard such as 32838-96. */
function checkShard(text) {
  const [, organisation, shard] = /^(0|[1-9]\d{0,4})-(0|[1-9]\d{0,3})$/.exec(text) ?? [];
  if (organisation === undefined || organisation >= 1 << 16 || shard >= 1 << 12) throw new Unreadable("shard_name");
  return Number(organisation);
}
