/** The outer envelope of a VDV ticket: signature, message tail, the module's certificate, the sub-CA's name. */

import { ascii, equal, fromHex, hex, startsWith } from "./bytes.js";
import { CERTIFICATE, parseInner } from "./certificate.js";
import { NotGenuine, Unreadable } from "./refusal.js";
import { expect, read } from "./tlv.js";

/** The first bytes of every static entitlement. */
export const MARK = fromHex("9e8180");
export const SIGNATURE_BYTES = 128;
const MOST_BYTES = 1024;
const REST = 0x9a;
const ISSUER = 0x42;

/** {signature, rest, certificate, issuer}; issuer in hex. Strict order and lengths, nothing after the end. */
export function parse(data) {
  if (!startsWith(data, MARK)) throw new Unreadable("not_a_vdv_ticket");
  if (data.length > MOST_BYTES) throw new Unreadable("too_long");
  const signature = read(data);
  const rest = expect(data, signature.end, REST, "envelope_order");
  const certificate = expect(data, rest.end, CERTIFICATE, "envelope_order");
  const issuer = expect(data, certificate.end, ISSUER, "envelope_order");
  if (issuer.value.length !== 8) throw new Unreadable("issuer_name_length");
  if (rest.value.length < 5 || !equal(rest.value.slice(-5, -2), ascii("VDV"))) throw new Unreadable("message_trailer");
  if (issuer.end !== data.length) throw new NotGenuine("trailing_bytes");
  const parsed = parseInner(certificate.value);
  if (parsed.form !== "recoverable") throw new Unreadable("certificate_form");
  return { signature: signature.value, rest: rest.value, certificate: parsed, issuer: hex(issuer.value) };
}
