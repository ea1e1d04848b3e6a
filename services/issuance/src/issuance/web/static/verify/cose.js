/**
 * COSE_Sign1 (RFC 9052) with ES256: the ticket's envelope in one fixed form, and the lists', tagged.
 *
 * The algorithm is never taken from the header: it belongs to the key in the trust list. A high `s` is refused in
 * tickets: of the two signatures that ECDSA allows for one text only the lower counts.
 */

import { bigNumber, concat, equal, fromHex } from "./bytes.js";
import { Tagged, decode } from "./cbor.js";
import { NotGenuine, Unreadable } from "./refusal.js";

export const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
/** Half the order of P-256. */
const HALF_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n / 2n;

// A ticket: [ << {1: -7, 4: kid} >>, {}, << payload of 24 to 255 bytes >>, signature ], untagged.
const HEAD = fromHex("8449a201260444");
const AFTER_KEY_ID = fromHex("a058");
const BEFORE_SIGNATURE = fromHex("5840");
const PAYLOAD_AT = HEAD.length + KEY_ID_BYTES + AFTER_KEY_ID.length + 1;
const FIXED = PAYLOAD_AT + BEFORE_SIGNATURE.length + SIGNATURE_BYTES;

/** {keyId, payload, signature, toBeSigned}: the one form of a ticket; the signature is not checked here. */
export function openTicket(data) {
  const key = HEAD.length + KEY_ID_BYTES;
  const isOne = data.length >= FIXED && equal(data.subarray(0, HEAD.length), HEAD)
    && equal(data.subarray(key, key + 2), AFTER_KEY_ID);
  if (!isOne) throw new Unreadable("not_cose");
  const size = data[PAYLOAD_AT - 1];
  const end = PAYLOAD_AT + size;
  if (size < 24 || data.length < FIXED + size || !equal(data.subarray(end, end + 2), BEFORE_SIGNATURE)) {
    throw new Unreadable("not_cose");
  }
  if (data.length !== FIXED + size) throw new NotGenuine("trailing_bytes");
  const signature = data.slice(end + 2);
  if (bigNumber(signature.subarray(32)) > HALF_ORDER) throw new NotGenuine("not_canonical", "high s");
  const payload = data.slice(PAYLOAD_AT, end);
  return { keyId: data.slice(HEAD.length, key), payload, signature, toBeSigned: sigStructure(data.slice(2, key), payload) };
}

/** A list as tagged COSE_Sign1 (18) with its media type in header 16. Throws Unreadable `not_cose`, `list_kind`. */
export function openList(data, kind) {
  const tagged = decode(data);
  const parts = tagged instanceof Tagged && tagged.tag === 18 ? tagged.value : null;
  if (!Array.isArray(parts) || parts.length !== 4) throw new Unreadable("not_cose");
  const [protectedHeader, unprotected, payload, signature] = parts;
  const known = [protectedHeader, payload, signature].every((part) => part instanceof Uint8Array);
  if (!known || !(unprotected instanceof Map) || unprotected.size) throw new Unreadable("not_cose");
  const header = decode(protectedHeader);
  const named = header instanceof Map && header.size === 3 && header.get(1) === -7 && header.get(4) instanceof Uint8Array;
  if (!named || !header.has(16)) throw new Unreadable("not_cose", "header");
  if (header.get(16) !== kind) throw new Unreadable("list_kind", "another kind of list");
  if (signature.length !== SIGNATURE_BYTES) throw new Unreadable("not_cose", "signature");
  return { keyId: header.get(4), payload, signature, toBeSigned: sigStructure(protectedHeader, payload) };
}

/** P-256 from x and y (64 bytes). Throws NotGenuine where it is no point. */
export async function publicKey(point) {
  try {
    const raw = concat(Uint8Array.of(4), point);
    return await crypto.subtle.importKey("raw", raw, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  } catch {
    throw new NotGenuine("key_is_no_point");
  }
}

/** ES256, because the trust list says so. */
export function hasSigned(key, signed) {
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signed.signature, signed.toBeSigned);
}

/** Sig_structure, RFC 9052 section 4.4. */
function sigStructure(protectedHeader, payload) {
  const context = fromHex("846a5369676e617475726531");
  return concat(context, byteString(protectedHeader), Uint8Array.of(0x40), byteString(payload));
}

function byteString(data) {
  const size = data.length;
  if (size < 24) return concat(Uint8Array.of(0x40 + size), data);
  if (size < 0x100) return concat(Uint8Array.of(0x58, size), data);
  if (size < 0x10000) return concat(Uint8Array.of(0x59, size >> 8, size & 0xff), data);
  return concat(Uint8Array.of(0x5a, size >>> 24, (size >> 16) & 0xff, (size >> 8) & 0xff, size & 0xff), data);
}
