/** The outer envelope of a VDV ticket: signature, message tail, the module's certificate, the sub-CA's name. */

import { ascii, equal, fromHex, hex, startsWith } from "./bytes.js";
import { CERTIFICATE, parseInner } from "./certificate.js";
import { NotGenuine, Unreadable } from "./refusal.js";
import { expect, read } from "./tlv.js";

/** The first bytes of every static entitlement. */
export const MARK = fromHex("9e8180");
/** The first byte of a code with several tickets. */
export const SEVERAL = fromHex("ef");
export const SIGNATURE_BYTES = 128;
/** What scanners that are set up as keyboards add to a code: CR, LF, both, or a tab; in hex. */
const LINE_ENDS = ["0d", "0a", "0d0a", "09"];
const MOST_BYTES = 1024;
const MOST_TICKETS = 4;
const SIGNATURE = 0x9e;
const REST = 0x9a;
const ISSUER = 0x42;
const HOLDER = 0x5f20;
const COUNT = 0x90;

/** Is it a VDV code at all, by its first bytes? */
export const isVdv = (data) => startsWith(data, MARK) || startsWith(data, SEVERAL);

/**
 * One ticket, or the several of `EF`: {signature, rest, certificate, issuer} each, issuer in hex; of the reduced form,
 * which encloses no certificate, {isReduced}. Strict order and lengths, nothing after the end.
 */
export function parseAll(data) {
  if (startsWith(data, SEVERAL)) return several(data);
  if (!startsWith(data, MARK)) throw new Unreadable("not_a_vdv_ticket");
  if (data.length > MOST_BYTES) throw new Unreadable("too_long");
  const one = pair(data, 0);
  const following = read(data, one.end);
  return following.tag === HOLDER ? [reduced(data, one, following)] : full(data, [one], one.end);
}

/** `EF` { `90 01 NN`, NN times `9E` `9A`, one `7F21`, one `42` }. */
function several(data) {
  if (data.length > MOST_BYTES * 2) throw new Unreadable("too_long");
  const outer = read(data);
  if (outer.end !== data.length) throw tooMuch(data.subarray(outer.end));
  const inner = outer.value;
  const count = expect(inner, 0, COUNT, "envelope_order");
  const isCount = count.value.length === 1 && count.value[0] >= 1 && count.value[0] <= MOST_TICKETS;
  if (!isCount) throw new Unreadable("ticket_count");
  const pairs = [];
  let at = count.end;
  while (pairs.length < count.value[0]) {
    pairs.push(pair(inner, at));
    at = pairs.at(-1).end;
  }
  return full(inner, pairs, at);
}

/** Signature and message tail. */
function pair(data, at) {
  const signature = expect(data, at, SIGNATURE, "envelope_order");
  const rest = expect(data, signature.end, REST, "envelope_order");
  return { signature: signature.value, rest: rest.value, end: rest.end };
}

function full(data, pairs, at) {
  const certificate = expect(data, at, CERTIFICATE, "envelope_order");
  const issuer = expect(data, certificate.end, ISSUER, "envelope_order");
  if (issuer.value.length !== 8) throw new Unreadable("issuer_name_length");
  checkTrailers(pairs);
  if (issuer.end !== data.length) throw tooMuch(data.subarray(issuer.end));
  const parsed = parseInner(certificate.value);
  if (parsed.form !== "recoverable") throw new Unreadable("certificate_form");
  return pairs.map(({ signature, rest }) => ({ signature, rest, certificate: parsed, issuer: hex(issuer.value) }));
}

/** A last byte may give the length of the whole, with or without itself: one issuer adds it to short ones. */
function reduced(data, one, holder) {
  checkTrailers([one]);
  if (holder.value.length !== 12) throw new Unreadable("holder_length");
  const after = data.subarray(holder.end);
  const isLength = after.length === 1 && (after[0] === data.length || after[0] === data.length - 1);
  if (after.length && !isLength) throw tooMuch(after);
  return { isReduced: true };
}

/** Bytes after the end are altered or forged; a line end is what a scanner was set to add, and no child's doing. */
function tooMuch(after) {
  return LINE_ENDS.includes(hex(after)) ? new Unreadable("line_end_after_code") : new NotGenuine("trailing_bytes");
}

function checkTrailers(pairs) {
  const hasTrailer = ({ rest }) => rest.length >= 5 && equal(rest.slice(-5, -2), ascii("VDV"));
  if (!pairs.every(hasTrailer)) throw new Unreadable("message_trailer");
}
