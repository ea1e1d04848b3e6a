/** The ticket in the signed QR: CWT claims and own ones (see barcode/qr/ticket.py for the table), canonical CBOR. */

import { hex } from "./bytes.js";
import { decode as decodeBase45 } from "./base45.js";
import { decode as decodeCbor } from "./cbor.js";
import { openTicket } from "./cose.js";
import { NotGenuine, Unreadable } from "./refusal.js";

export const PREFIX = "S1:";
const MOST_CHARACTERS = 262;
const EPOCH = Date.UTC(1900, 0, 1);
const DAY = 86_400_000;
const REQUIRED = [4, 5, 7, -1, -2, -3];
const isBytes = (value) => value instanceof Uint8Array && value.length === 8;
const isText = (value) => typeof value === "string" && value !== "";
const below = (limit, least = 0) => (value) => typeof value === "number" && value >= least && value < limit;
const CLAIMS = new Map([
  [4, below(2 ** 33)], [5, below(2 ** 33)], [7, isBytes], [-1, below(2 ** 16)], [-2, below(2 ** 32)],
  [-3, below(2 ** 16)], [-4, below(2 ** 16)], [-5, below(2 ** 18)], [-6, isText], [-7, isText], [-8, below(2, 1)],
]);

/** The signed parts of a QR text, unchecked. Throws Unreadable `not_a_schulticket_qr`, `too_long`, `base45` … */
export function unwrap(text) {
  if (!text.startsWith(PREFIX)) throw new Unreadable("not_a_schulticket_qr");
  if (text.length > MOST_CHARACTERS) throw new Unreadable("too_long");
  return openTicket(decodeBase45(text.slice(PREFIX.length)));
}

/** The claims of a payload whose signature was checked; times in milliseconds. */
export function parseClaims(payload) {
  const claims = decodeCbor(payload);
  const isComplete = claims instanceof Map && REQUIRED.every((key) => claims.has(key));
  if (!isComplete) throw new NotGenuine("claims", "missing");
  for (const [key, value] of claims) {
    if (!CLAIMS.get(key)?.(value)) throw new NotGenuine("claims", `claim ${key}`);
  }
  return {
    validUntil: claims.get(4) * 1000,
    validFrom: claims.get(5) * 1000,
    tokenId: hex(claims.get(7)),
    organisationId: claims.get(-1),
    number: claims.get(-2),
    product: claims.get(-3),
    area: claims.get(-4) ?? null,
    birthDate: claims.has(-5) ? new Date(EPOCH + claims.get(-5) * DAY).toISOString().slice(0, 10) : null,
    firstName: claims.get(-6) ?? "",
    lastName: claims.get(-7) ?? "",
    isNameCut: claims.has(-8),
  };
}
