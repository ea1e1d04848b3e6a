/** Status lists: one bit per ticket number, as a Token Status List in CWT form. */

import { concat } from "./bytes.js";
import { decode } from "./cbor.js";
import { openList } from "./cose.js";
import { Unreadable } from "./refusal.js";

const KIND = "application/statuslist+cwt";
const PLACES = 1 << 20;
const MOST_SECONDS = 2 ** 33;
const [SUBJECT, EXPIRY, ISSUED, STATUS_LIST, VERSION] = [2, 4, 6, 65533, -65537];

export const unwrap = (data) => openList(data, KIND);

export const shardOf = (organisationId, ticketNumber) => `${organisationId}-${Math.floor(ticketNumber / PLACES)}`;
export const placeOf = (ticketNumber) => ticketNumber % PLACES;

/** {shard, organisationId, version, publishedAt, expiresAt, isRevoked(place)} of a payload whose signature was checked. */
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
  const bits = await inflate(packed);
  const isRevoked = (place) => ((bits[place >> 3] >> (place & 7)) & 1) === 1;
  const [publishedAt, expiresAt] = times.map((time) => time * 1000);
  return { shard, organisationId, version, publishedAt, expiresAt, isRevoked };
}

/** The organisation of a shard such as 32838-96. */
function checkShard(text) {
  const [, organisation, shard] = /^(0|[1-9]\d{0,4})-(0|[1-9]\d{0,3})$/.exec(text) ?? [];
  if (organisation === undefined || organisation >= 1 << 16 || shard >= 1 << 12) throw new Unreadable("shard_name");
  return Number(organisation);
}

/** Exactly 128 KiB, or refused: no more is ever unpacked. */
async function inflate(packed) {
  const parts = [];
  let size = 0;
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const reader = stream.getReader();
    for (let part = await reader.read(); !part.done && size <= PLACES / 8; part = await reader.read()) {
      parts.push(part.value);
      size += part.value.length;
    }
  } catch {
    throw new Unreadable("status_list", "compression");
  }
  if (size !== PLACES / 8) throw new Unreadable("status_list", "size");
  return concat(...parts);
}
