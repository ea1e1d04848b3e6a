/** Status lists: one or two bits per ticket number, as Token Status Lists in CWT form; as lists/status_list.py. */

import { decode } from "./cbor.js";
import { PLACES, inflate } from "./compact.js";
import { openList } from "./cose.js";
import { Unreadable } from "./refusal.js";
import * as twoBits from "./two-bits.js";

const KIND = "application/statuslist+cwt";
const KIND_V2 = "application/schulticket-statuslist.v2+cwt";
const MOST_SECONDS = 2 ** 33;
const [SUBJECT, EXPIRY, ISSUED, STATUS_LIST, VERSION] = [2, 4, 6, 65533, -65537];
const [VERSION_V2, EPOCH] = [-65538, -65539];

export const unwrap = (data) => openList(data, KIND);
export const unwrapV2 = (data) => openList(data, KIND_V2);
const isCount = (value) => Number.isSafeInteger(value) && value > 0;

export const shardOf = (organisationId, ticketNumber) => `${organisationId}-${Math.floor(ticketNumber / PLACES)}`;
export const placeOf = (ticketNumber) => ticketNumber % PLACES;

/** {shard, organisationId, version, epoch, publishedAt, expiresAt, bits, …} of a payload whose signature was checked. */
export const parse = (payload) => parsed(decode(payload), 1, VERSION);

/** The same of two bits. */
export async function parseV2(payload) {
  const claims = decode(payload);
  const epoch = claims instanceof Map ? claims.get(EPOCH) : undefined;
  if (!isCount(epoch)) throw new Unreadable("status_list", "epoch");
  const one = await parsed(claims, 2, VERSION_V2);
  twoBits.check(one.bits);
  return { ...one, epoch };
}

async function parsed(claims, width, versionKey) {
  const get = (key) => (claims instanceof Map ? claims.get(key) : undefined);
  const [subject, lists, version] = [get(SUBJECT), get(STATUS_LIST), get(versionKey)];
  const times = [get(ISSUED), get(EXPIRY)];
  if (typeof subject !== "string" || !(lists instanceof Map)) {
    throw new Unreadable("status_list");
  }
  const shard = subject.slice(subject.lastIndexOf("/") + 1);
  const organisationId = checkShard(shard);
  const packed = lists.get("lst");
  if (lists.size !== 2 || lists.get("bits") !== width || !(packed instanceof Uint8Array) || !isCount(version)) {
    throw new Unreadable("status_list", "list");
  }
  if (!times.every((time) => Number.isSafeInteger(time) && time >= 0 && time < MOST_SECONDS)) {
    throw new Unreadable("status_list", "time");
  }
  const bits = await inflatedTo(packed, (PLACES * width) / 8);
  const [publishedAt, expiresAt] = times.map((time) => time * 1000);
  return withBits({ shard, organisationId, version, publishedAt, expiresAt }, bits);
}

async function inflatedTo(packed, size) {
  try {
    return await inflate(packed, size, true);
  } catch {
    throw new Unreadable("status_list", "compression or size");
  }
}

/** The state of a shard: its head, its bit list (of one bit or two), and who is revoked or suspended by it. */
export function withBits(head, bits) {
  const hasTwoBits = bits.length === twoBits.SIZE;
  const valueOf = (place) => (hasTwoBits ? twoBits.valueOf(bits, place) : (bits[place >> 3] >> (place & 7)) & 1);
  return {
    epoch: 0, ...head, bits, hasTwoBits,
    isRevoked: (place) => valueOf(place) === twoBits.REVOKED,
    isSuspended: (place) => valueOf(place) === twoBits.SUSPENDED,
  };
}

/** The organisation of a shard such as 32838-96. */
function checkShard(text) {
  const [, organisation, shard] = /^(0|[1-9]\d{0,4})-(0|[1-9]\d{0,3})$/.exec(text) ?? [];
  if (organisation === undefined || organisation >= 1 << 16 || shard >= 1 << 12) throw new Unreadable("shard_name");
  return Number(organisation);
}
