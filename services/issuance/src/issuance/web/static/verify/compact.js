/** Sets of places in the fewest bytes: bit list, Rice code or varints, named by the first byte; as lists/compact.py. */

import { number } from "./bytes.js";
import { Unreadable } from "./refusal.js";

export const PLACES = 1 << 20;
const [BITS, RICE, VARINT] = [0, 1, 2];
const MOST_K = 20;
const refused = (detail) => new Unreadable("compact", detail);

/** The places in order. Bounded in time and memory. Throws Unreadable `compact`. */
export async function decode(data) {
  switch (data[0]) {
    case BITS: return placesOf(await inflate(data.subarray(1), PLACES / 8, true));
    case RICE: return fromGaps(riceGaps(data));
    case VARINT: return fromGaps(varintGaps(await inflate(data.subarray(1), 3 * PLACES, false)));
    default: throw refused(data.length ? "unknown encoding" : "empty");
  }
}

/** The bit list of a shard, 128 KiB; place 0 is the lowest bit of byte 0. */
export function bitsOf(places) {
  const bits = new Uint8Array(PLACES / 8);
  for (const place of places) bits[place >> 3] |= 1 << (place & 7);
  return bits;
}

function placesOf(bits) {
  const places = [];
  bits.forEach((byte, at) => {
    for (let bit = 0; byte >> bit; bit += 1) if ((byte >> bit) & 1) places.push(at * 8 + bit);
  });
  return places;
}

function riceGaps(data) {
  const k = data.length > 1 ? data[1] : MOST_K + 1;
  const [count, start] = leb128(data, 2);
  const size = (data.length - start) * 8;
  if (k > MOST_K || count > PLACES || count * (k + 1) > size) throw refused("rice head");
  const bit = (at) => (data[start + (at >> 3)] >> (7 - (at & 7))) & 1;
  const gaps = [];
  let at = 0;
  for (let done = 0; done < count; done += 1) {
    const begin = at;
    while (at < size && bit(at)) at += 1;
    let gap = at - begin;
    at += 1;
    if (at + k > size) throw refused("rice end");
    for (const end = at + k; at < end; at += 1) gap = gap * 2 + bit(at);
    gaps.push(gap);
  }
  for (let rest = at; rest < size; rest += 1) if (size - at >= 8 || bit(rest)) throw refused("rice trailing");
  return gaps;
}

function varintGaps(data) {
  const gaps = [];
  for (let at = 0, gap; at < data.length; gaps.push(gap)) [gap, at] = leb128(data, at);
  return gaps;
}

function fromGaps(gaps) {
  let place = -1;
  return gaps.map((gap) => {
    place += gap + 1;
    if (place >= PLACES) throw refused("outside the shard");
    return place;
  });
}

/** The number and where it ends; three bytes at most (21 bits), in the shortest form. */
function leb128(data, start) {
  let number = 0;
  for (let at = start; at < Math.min(start + 3, data.length); at += 1) {
    number += (data[at] & 0x7f) * 128 ** (at - start);
    if (data[at] < 0x80) {
      if (data[at] === 0 && at > start) break;
      return [number, at + 1];
    }
  }
  throw refused("number");
}

/** Never unpacks more than a block beyond `most`. Throws Unreadable `compact`. */
export async function inflate(packed, most, isExact) {
  const parts = [];
  let size = 0;
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (let part = await reader.read(); !part.done && size <= most; part = await reader.read()) {
      parts.push(part.value);
      size += part.value.length;
    }
    if (size > most) reader.cancel().catch(() => {});
  } catch {
    throw refused("compression");
  }
  if (size > most || (isExact && size !== most)) throw refused("size");
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  // some browsers pass over bytes behind the end: zlib ends with a sum over what it holds
  if (packed.length < 6 || number(packed, packed.length - 4, packed.length) !== adler32(whole)) throw refused("compression");
  return whole;
}

/** RFC 1950. */
function adler32(data) {
  let [low, high] = [1, 0];
  for (const byte of data) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}
