/**
 * What was issued: a filter of the contents of all tickets that were ever signed for a shard. It tells a forged ticket
 * under a stolen key from an honest one without a network. As lists/issued.py and lists/fuse.py, where the form and the
 * formula stand: binary fuse filter, 16 bits a key, SHA-256.
 */

import { concat } from "./bytes.js";
import { decode } from "./cbor.js";
import { openList } from "./cose.js";
import { headOf } from "./delta.js";
import { Unreadable } from "./refusal.js";

const KIND = "application/schulticket-issued+cbor";
const FORMS = ["vdv", "qr"];
const MOST_PARTS = 64;
const MOST_CELLS = 2 ** 22;

export const unwrap = (data) => openList(data, KIND);

const isWhole = (value, least, limit) => Number.isSafeInteger(value) && value >= least && value < limit;
const isPower = (value) => Number.isSafeInteger(value) && value > 0 && (value & (value - 1)) === 0;

/** {shard, organisationId, version, publishedAt, form, part, parts, filter} of a payload whose signature was checked. */
export function parse(payload) {
  const claims = decode(payload);
  const isComplete = claims instanceof Map && claims.size === 7 && [1, 2, 3, 4, 5, 6, 7].every((key) => claims.has(key));
  if (!isComplete) throw new Unreadable("filter");
  const [form, share, cells] = [5, 6, 7].map((key) => claims.get(key));
  const isPart = Array.isArray(share) && share.length === 2 && isPower(share[1]) && share[1] <= MOST_PARTS
    && isWhole(share[0], 0, share[1]);
  if (!isPart || (form !== 0 && form !== 1)) throw new Unreadable("filter");
  const head = headOf(claims, "filter");
  return { ...head, form: FORMS[form], part: share[0], parts: share[1], filter: checkFilter(cells) };
}

function checkFilter(claim) {
  if (!Array.isArray(claim) || claim.length !== 4) throw new Unreadable("filter");
  const [seed, length, segments, cells] = claim;
  const isFilter = seed instanceof Uint8Array && seed.length === 8 && isPower(length) && isWhole(segments, 1, MOST_CELLS)
    && cells instanceof Uint8Array && (segments + 2) * length * 2 === cells.length && cells.length <= 2 * MOST_CELLS;
  if (!isFilter) throw new Unreadable("filter");
  return { seed, length, segments, cells };
}

/** The newest version of which all parts are there: {publishedAt, parts}; or null. */
export function complete(found) {
  const versions = Map.groupBy ? Map.groupBy(found, ({ version }) => version) : groupByVersion(found);
  for (const version of [...versions.keys()].sort((one, other) => other - one)) {
    const parts = new Map(versions.get(version).map((one) => [one.part, one]));
    const whole = parts.values().next().value.parts;
    const isWholeSet = parts.size === whole && [...parts.values()].every((one) => one.parts === whole);
    if (isWholeSet) return { publishedAt: parts.get(0).publishedAt, parts: Array.from({ length: whole }, (_, at) => parts.get(at)) };
  }
  return null;
}

function groupByVersion(found) {
  const versions = new Map();
  for (const one of found) versions.set(one.version, [...(versions.get(one.version) ?? []), one]);
  return versions;
}

/** Whether a ticket with this signed content was issued (wrongly yes for one of 65,536). */
export async function wasIssued(list, signedContent) {
  const key = (await sha256(signedContent)).slice(0, 16);
  const { filter } = list.parts[new DataView(key.buffer).getUint32(0) % list.parts.length];
  const hash = new DataView((await sha256(concat(filter.seed, key))).buffer);
  const segment = Number((BigInt(hash.getUint32(0)) * BigInt(filter.segments)) >> 32n);
  const cells = new DataView(filter.cells.buffer, filter.cells.byteOffset);
  let mixed = 0;
  for (let at = 0; at < 3; at += 1) {
    const place = (segment + at) * filter.length + (hash.getUint32(4 + 4 * at) & (filter.length - 1));
    mixed ^= cells.getUint16(2 * place);
  }
  return mixed === hash.getUint16(16);
}

async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}
