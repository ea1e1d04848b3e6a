/** BER tag-length-value, as far as VDV-KA uses it: tags of one or two bytes, definite lengths in their shortest form. */

import { Unreadable } from "./refusal.js";

/** The element that begins at `start`: {tag, value, end}. Throws Unreadable `tlv_cut` or `tlv_length`. */
export function read(data, start = 0) {
  let offset = start;
  let tag = byte(data, offset);
  offset += 1;
  if ((tag & 0x1f) === 0x1f) {
    tag = (tag << 8) | byte(data, offset);
    offset += 1;
  }
  let size = byte(data, offset);
  offset += 1;
  if (size >= 0x80) {
    const count = size & 0x7f;
    size = longLength(data, offset, count);
    offset += count;
  }
  const end = offset + size;
  if (end > data.length) throw new Unreadable("tlv_cut");
  return { tag, value: data.slice(offset, end), end };
}

function longLength(data, offset, count) {
  if (count !== 1 && count !== 2) throw new Unreadable("tlv_length");
  let size = byte(data, offset);
  if (count === 2) size = (size << 8) | byte(data, offset + 1);
  // two encodings of one ticket would be two strings for one right: only the shortest is taken
  if (size < (count === 1 ? 0x80 : 0x100)) throw new Unreadable("tlv_length");
  return size;
}

function byte(data, offset) {
  if (offset >= data.length) throw new Unreadable("tlv_cut");
  return data[offset];
}

/** Elements that fill `data` exactly. */
export function readAll(data) {
  const elements = [];
  let offset = 0;
  while (offset < data.length) {
    const element = read(data, offset);
    elements.push(element);
    offset = element.end;
  }
  return elements;
}

/** The element at `start`, which must have this tag: else Unreadable `reason`. */
export function expect(data, start, tag, reason) {
  const element = read(data, start);
  if (element.tag !== tag) throw new Unreadable(reason);
  return element;
}
