/** Base45 (RFC 9285): two bytes are three characters of QR's alphanumeric mode. One text per byte string. */

import { Unreadable } from "./refusal.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const VALUES = new Map(Array.from(ALPHABET, (letter, value) => [letter, value]));

/** Throws Unreadable `base45` for foreign characters, groups too large and a single character at the end. */
export function decode(text) {
  const out = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    const values = Array.from(group, (letter) => VALUES.get(letter));
    if (group.length === 1 || values.includes(undefined)) throw new Unreadable("base45");
    const value = values.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (value >= (group.length === 3 ? 0x10000 : 0x100)) throw new Unreadable("base45");
    if (group.length === 3) out.push(value >> 8);
    out.push(value & 0xff);
  }
  return Uint8Array.from(out);
}
