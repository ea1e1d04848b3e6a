/** Byte strings are Uint8Array everywhere; these are the few things JavaScript lacks for them. */

export function hex(data) {
  let text = "";
  for (const byte of data) text += byte.toString(16).padStart(2, "0");
  return text;
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function startsWith(data, mark) {
  return data.length >= mark.length && mark.every((byte, at) => byte === data[at]);
}

export const isZero = (data) => data.every((byte) => byte === 0);

/** Big-endian and unsigned, up to six bytes exactly. */
export function number(data, start, end) {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 256 + data[at];
  return value;
}

export const bigNumber = (data) => BigInt(`0x${hex(data) || "0"}`);

/** `size` bytes, big-endian. */
export const bigBytes = (value, size) => fromHex(value.toString(16).padStart(size * 2, "0"));

export const ascii = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const OF_LATIN_15 = new Map([
  [0xa4, "€"], [0xa6, "Š"], [0xa8, "š"], [0xb4, "Ž"], [0xb8, "ž"], [0xbc, "Œ"], [0xbd, "œ"], [0xbe, "Ÿ"],
]);

/** ISO-8859-15: knows every byte. */
export function latin15(data) {
  return Array.from(data, (byte) => OF_LATIN_15.get(byte) ?? String.fromCharCode(byte)).join("");
}
