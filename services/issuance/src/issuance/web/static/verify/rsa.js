/**
 * RSA as VDV-KA uses it: ISO 9796-2 scheme 1 with partial recovery and SHA-1 (the signature carries the message's
 * beginning), and PKCS#1 v1.5 with SHA-1 for the root. WebCrypto offers neither, so the power is BigInt's:
 * public keys only, nothing here is secret. A key is {modulus, exponent, size}, size in bytes.
 */

import { bigBytes, bigNumber, concat, equal, fromHex } from "./bytes.js";
import { NotGenuine, Unreadable } from "./refusal.js";

const HEADER = 0x6a;
const TRAILER = 0xbc;
const HASH_BYTES = 20;

/** The whole message, checked. `rest` is what travelled beside the signature. */
export async function recover(signature, rest, key) {
  if (signature.length !== key.size) throw new Unreadable("signature_length");
  const opened = bigNumber(signature);
  // number + modulus would open to the same message: one ticket, one string
  if (opened >= key.modulus) throw new NotGenuine("signature_wrong", "not smaller than the modulus");
  const content = bigBytes(power(opened, key), key.size);
  if (content[0] !== HEADER || content.at(-1) !== TRAILER) throw new NotGenuine("signature_wrong");
  const hashAt = content.length - HASH_BYTES - 1;
  const message = concat(content.subarray(1, hashAt), rest);
  if (!equal(await sha1(message), content.subarray(hashAt, -1))) throw new NotGenuine("hash_wrong");
  return message;
}

/** PKCS#1 v1.5 with SHA-1 over `content` (RFC 8017, 9.2): the form with which a root signs itself. */
export async function checkAppended(content, signature, key) {
  if (signature.length !== key.size) throw new NotGenuine("signature_wrong", "length of the appended signature");
  const digestInfo = concat(fromHex("3021300906052b0e03021a05000414"), await sha1(content));
  const padding = new Uint8Array(key.size - digestInfo.length - 3).fill(0xff);
  const expected = bigNumber(concat(Uint8Array.of(0, 1), padding, Uint8Array.of(0), digestInfo));
  const opened = bigNumber(signature);
  if (opened >= key.modulus || power(opened, key) !== expected) throw new NotGenuine("signature_wrong", "appended");
}

/** The public operation: base ^ exponent mod modulus, by squaring. */
function power(base, { modulus, exponent }) {
  let result = 1n;
  let square = base % modulus;
  for (let left = BigInt(exponent); left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

async function sha1(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", data));
}
