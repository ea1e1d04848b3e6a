/** The ticket in the signed QR: CWT claims and own ones (see barcode/qr/ticket.py for the table), canonical CBOR. */

import { hex } from "./bytes.js";
import { decode as decodeBase45 } from "./base45.js";
import { decode as decodeCbor } from "./cbor.js";
import { openTicket } from "./cose.js";
import { NotGenuine, Unreadable } from "./refusal.js";

export const PREFIX = "S1:";
const MOST_CHARACTERS = 262;
/** What wallets add behind a code that changes (FORMAT.md): nobody has signed it, and no verdict hangs on it. */
const ROTATING = /#[0-9]{1,12}\.[0-9]{6,8}$/;
const EPOCH = Date.UTC(1900, 0, 1);
const DAY = 86_400_000;
/** From here on -5 is 13 * year + month (0: not known) of a birth date that is known in part. */
const KNOWN_IN_PART = 2 ** 17;
const LATEST_YEAR = 2199;
const REQUIRED = [4, 5, 7, -1, -2, -3];
const isBytes = (value) => value instanceof Uint8Array && value.length === 8;
const isText = (value) => typeof value === "string" && value !== "";
const below = (limit, least = 0) => (value) => typeof value === "number" && value >= least && value < limit;
const CLAIMS = new Map([
  [4, below(2 ** 33)], [5, below(2 ** 33)], [7, isBytes], [-1, below(2 ** 16)], [-2, below(2 ** 32)],
  [-3, below(2 ** 16)], [-4, below(2 ** 16)], [-5, below(2 ** 18)], [-6, isText], [-7, isText], [-8, below(2, 1)],
]);

const isAscii = (text) => [...text].every((letter) => letter <= "\x7f");

/** The signed parts of a QR text, unchecked. Throws Unreadable `not_a_schulticket_qr`, `too_long`, `base45` … */
export function unwrap(text) {
  if (!text.startsWith(PREFIX) || !isAscii(text)) throw new Unreadable("not_a_schulticket_qr");
  const signed = text.replace(ROTATING, "");
  if (signed.length > MOST_CHARACTERS) throw new Unreadable("too_long");
  return openTicket(decodeBase45(signed.slice(PREFIX.length)));
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
    birthDate: claims.has(-5) ? birthDate(claims.get(-5)) : null,
    firstName: claims.get(-6) ?? "",
    lastName: claims.get(-7) ?? "",
    isNameCut: claims.has(-8),
  };
}

/** 2015-03-01, 2015-03-00 or 2015-00-00. */
function birthDate(number) {
  if (number < KNOWN_IN_PART) return new Date(EPOCH + number * DAY).toISOString().slice(0, 10);
  const [year, month] = [Math.floor((number - KNOWN_IN_PART) / 13), (number - KNOWN_IN_PART) % 13];
  if (year < 1900 || year > LATEST_YEAR) throw new NotGenuine("claims", "claim -5");
  return `${year}-${String(month).padStart(2, "0")}-00`;
}
