/**
 * CBOR (RFC 8949), canonical or refused: shortest heads, definite lengths, map keys sorted (shorter first) and each
 * once, nothing after the item. So no two byte strings say the same, and none needs to be encoded again to compare.
 *
 * Knows what tickets and lists are made of: integers, byte and text strings, arrays, maps, booleans, null, and one
 * tag. Maps come as Map, byte strings as Uint8Array; integers beyond 2^53 as BigInt; all else is refused.
 */

import { Unreadable } from "./refusal.js";

const MOST_DEPTH = 16;

export class Tagged {
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

/** The item in `data`. Throws Unreadable `not_cbor`. */
export function decode(data) {
  const reader = new Reader(data);
  const item = reader.item(0);
  if (reader.at !== data.length) throw new Unreadable("not_cbor", "bytes after the item");
  return item;
}

/** The items of a CBOR sequence (RFC 8742), each as its own bytes. Throws Unreadable `not_cbor`. */
export function sequence(data) {
  const reader = new Reader(data);
  const items = [];
  while (reader.at < data.length) {
    const start = reader.at;
    reader.item(0);
    items.push(data.slice(start, reader.at));
  }
  return items;
}

class Reader {
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  item(depth) {
    if (depth > MOST_DEPTH) throw new Unreadable("not_cbor", "too deep");
    const kind = this.peek() >> 5;
    if (kind === 7) return this.simple();
    const size = this.head();
    switch (kind) {
      case 0: return size;
      case 1: return typeof size === "bigint" || size === Number.MAX_SAFE_INTEGER ? -1n - BigInt(size) : -1 - size;
      case 2: return this.take(size);
      case 3: return this.text(size);
      case 4: return this.array(size, depth);
      case 5: return this.map(size, depth);
      default: return new Tagged(size, this.item(depth + 1));
    }
  }

  peek() {
    if (this.at >= this.data.length) throw new Unreadable("not_cbor", "cut");
    return this.data[this.at];
  }

  /** The number in an item's head: a length, an integer or a tag; in its shortest form. */
  head() {
    const short = this.peek() & 0x1f;
    this.at += 1;
    if (short < 24) return short;
    if (short > 27) throw new Unreadable("not_cbor", "indefinite length");
    const width = 1 << (short - 24);
    const bytes = this.take(width);
    const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const least = width === 1 ? 24n : 1n << BigInt(4 * width);
    if (value < least) throw new Unreadable("not_cbor", "not the shortest form");
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  take(size) {
    if (typeof size !== "number" || size > this.data.length - this.at) throw new Unreadable("not_cbor", "cut");
    this.at += size;
    return this.data.slice(this.at - size, this.at);
  }

  text(size) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.take(size));
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      throw new Unreadable("not_cbor", "no UTF-8");
    }
  }

  array(size, depth) {
    const items = [];
    for (let count = 0; count < size; count += 1) items.push(this.item(depth + 1));
    return items;
  }

  map(size, depth) {
    const items = new Map();
    let before = null;
    for (let count = 0; count < size; count += 1) {
      const start = this.at;
      const key = this.item(depth + 1);
      if (typeof key !== "number" && typeof key !== "string") throw new Unreadable("not_cbor", "key");
      const encoded = this.data.subarray(start, this.at);
      if (before && !isBefore(before, encoded)) throw new Unreadable("not_cbor", "keys not in order");
      before = encoded;
      items.set(key, this.item(depth + 1));
    }
    return items;
  }

  simple() {
    const byte = this.data[this.at];
    this.at += 1;
    if (byte === 0xf4) return false;
    if (byte === 0xf5) return true;
    if (byte === 0xf6) return null;
    throw new Unreadable("not_cbor", "simple value or float");
  }
}

/** Canonical order of keys: the shorter first, else bytewise (RFC 8949, 4.2.3). */
function isBefore(one, other) {
  if (one.length !== other.length) return one.length < other.length;
  const at = one.findIndex((byte, place) => byte !== other[place]);
  return at >= 0 && one[at] < other[at];
}
