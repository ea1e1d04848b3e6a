/**
 * The verifier: is this code a ticket, whose is it, and is it good at this moment? The same steps, verdicts and reasons
 * as issuance/verification/verifier.py, which a test holds side by side.
 */

import { hex } from "./bytes.js";
import { dayInBerlin, fromBerlin, isoInBerlin } from "./calendar.js";
import * as certificate from "./certificate.js";
import { hasSigned } from "./cose.js";
import { finding, mostSerious } from "./finding.js";
import * as qr from "./qr-ticket.js";
import { wasIssued } from "./issued-list.js";
import { NotGenuine, Refusal } from "./refusal.js";
import { recover } from "./rsa.js";
import { placeOf, shardOf } from "./status-list.js";
import { isStale, speaksFor } from "./trust.js";
import * as envelope from "./vdv-envelope.js";
import * as message from "./vdv-message.js";

const MOST_MODULES = 256;
/** Tab, LF and CR, which editors and scanners add to a text. */
const LINE_END = [9, 10, 13];
/** How railways' tickets begin: UIC 918.3, and the newer ones in packed bits. Another issuer's, not checkable here. */
const UIC = /^(?:#UT0[12][0-9A-Za-z]{4}|[\x01\x81]U[\x62-\x65])/;
/** Signed by a stolen key, and the list that would tell is not there: amber at best. */
const UNPROVEN = ["issued_list_missing", "issued_list_old"];

/** Holds one set of trust; answers for any number of codes and moments (`at`, milliseconds). Never throws for a code. */
export class Verifier {
  constructor(trust) {
    this.trust = trust;
    this.modules = new Map();
  }

  /** The content of one code: a VDV ticket by its first bytes, else the text of a QR code. */
  async verify(content, at) {
    if (envelope.isVdv(content)) return this.verifyVdv(content, at);
    let end = content.length;
    while (LINE_END.includes(content[end - 1])) end -= 1;
    const text = String.fromCharCode(...content.subarray(0, Math.min(end, 300)));
    if (UIC.test(text)) return finding("unknown_issuer", ["uic_ticket"]);
    if (!text.startsWith(qr.PREFIX)) return finding("unreadable", ["not_a_ticket"]);
    if (content.some((byte) => byte > 0x7f)) return finding("unreadable", ["not_a_schulticket_qr"]);
    return this.verifyQr(text, at);
  }

  /** Of several tickets in one code the worst counts. */
  async verifyVdv(data, at) {
    return refusing(async () => {
      // 1. The envelope: order, lengths, nothing after the end.
      const found = [];
      for (const outer of envelope.parseAll(data)) found.push(await this.verifyEnvelope(outer, at));
      return mostSerious(found);
    });
  }

  async verifyEnvelope(outer, at) {
    if (outer.isReduced) return finding("unknown_issuer", ["module_certificate_not_enclosed"]);
    return refusing(async () => {
      // 2. The sub-CA that it names, which the trust set has checked under the root or holds as an anchor.
      const authority = this.trust.authorities.get(outer.issuer);
      if (!authority) {
        const leftOut = this.trust.leftOut.length ? ["certificates_left_out"] : [];
        return finding("unknown_issuer", ["unknown_sub_ca", ...leftOut]);
      }
      // 3. The module's certificate opens under that sub-CA, names it, and may sell tickets.
      const opened = await this.openModule(outer.certificate, authority.content.key);
      const holder = checkModule(opened, outer.issuer);
      // 4. The ticket opens under the module's key, its hash is right, and it names this very module.
      const content = await recover(outer.signature, outer.rest, opened.key);
      const ticket = message.parse(content);
      if (ticket.moduleNumber !== holder.number) throw new NotGenuine("module_number_wrong");
      const seen = seenVdv(ticket, outer.issuer);
      // 5. Where the module is in a thief's hands: this very ticket was issued.
      const stolenSince = this.trust.modules.get(`${outer.issuer}.${holder.number}`) ?? null;
      const notes = await this.checkIssued(seen.ticket, content, stolenSince);
      // 6. Certificates, revocation, times, age of the lists.
      if (authority.isAnchor) notes.push("anchor_without_signature");
      return this.judge(seen, at, certifiedVdv(at, authority.content, opened, holder), notes);
    });
  }

  async verifyQr(text, at) {
    return refusing(async () => {
      // 1. Prefix, base45, the one form of COSE_Sign1.
      const signed = qr.unwrap(text);
      // 2. The key that it names, from the trust list; the list also says the algorithm.
      const known = this.trust.keys.get(hex(signed.keyId));
      if (!known) return finding("unknown_issuer", ["unknown_key"]);
      // 3. The signature, and only then what is inside.
      if (!(await hasSigned(known.key, signed))) throw new NotGenuine("signature_wrong");
      const claims = qr.parseClaims(signed.payload);
      // 4. The key may speak for this organisation.
      if (!speaksFor(known.entry, claims.organisationId)) throw new NotGenuine("organisation_not_allowed");
      const seen = seenQr(claims);
      // 5. Where the key is in a thief's hands: this very ticket was issued.
      const notes = await this.checkIssued(seen.ticket, signed.payload, known.entry.compromisedSince);
      // 6. Key, revocation, times, age of the lists.
      return this.judge(seen, at, at <= known.entry.notAfter ? "" : "key_expired", notes);
    });
  }

  /** Killing a key must not kill honest tickets: the list of issued tickets tells them from forged ones. */
  async checkIssued(ticket, content, stolenSince) {
    if (stolenSince === null) return [];
    const list = this.trust.issued.get(`${shardOf(ticket.organisation_id, ticket.number)}.${ticket.format}`);
    if (!list) return ["issued_list_missing"];
    if (await wasIssued(list, content)) return ["key_compromised_but_issued"];
    if (list.publishedAt < stolenSince) return ["issued_list_old"];
    throw new NotGenuine("not_issued");
  }

  /** Few modules sign many tickets: what was opened once is kept. */
  async openModule(one, key) {
    const name = `${hex(one.signature)}.${hex(one.rest)}.${key.modulus}`;
    if (!this.modules.has(name)) {
      if (this.modules.size >= MOST_MODULES) this.modules.clear();
      this.modules.set(name, await certificate.open(one, key));
    }
    return this.modules.get(name);
  }

  /** The first verdict that applies; every reason found is told. `uncertified` is a reason, or "". */
  judge(seen, at, uncertified, notes) {
    const { start, until, ticket } = seen;
    const reasons = [...notes];
    if (start === null || until === null) return finding("invalid", [...reasons, "validity_missing"], ticket);
    if (until < start) return finding("invalid", [...reasons, "validity_reversed"], ticket);
    if (uncertified) {
      reasons.push(uncertified);
      // a genuine ticket whose time is over stays "expired": calling it invalid would call a child a forger
      if (start <= at && at <= until) return finding("invalid", reasons, ticket);
    }
    const status = this.status(ticket, at);
    reasons.push(...status.reasons);
    if (status.verdict === "revoked" || status.verdict === "suspended") return finding(status.verdict, reasons, ticket);
    if (at > until) return finding("expired", [...reasons, "validity_over"], ticket);
    if (at < start) return finding("not_yet_valid", [...reasons, "validity_not_begun"], ticket);
    const isUnproven = notes.some((note) => UNPROVEN.includes(note));
    return finding(isUnproven ? "status_stale" : status.verdict, reasons, ticket);
  }

  /** What the lists say, and reasons: revoked, suspended, stale, unchecked where the shard has no list, valid. */
  status(ticket, at) {
    const listed = this.trust.trustList;
    const isOld = ticket.format === "qr" && listed !== null && at > listed.expiresAt;
    const reasons = isOld ? ["trust_list_expired"] : [];
    const list = this.trust.status.get(shardOf(ticket.organisation_id, ticket.number));
    const place = placeOf(ticket.number);
    if (!list) return { verdict: isOld ? "status_stale" : "status_unchecked", reasons: [...reasons, "status_unchecked"] };
    if (list.isRevoked(place)) return { verdict: "revoked", reasons: [...reasons, "on_status_list"] };
    if (list.isSuspended(place)) return { verdict: "suspended", reasons: [...reasons, "on_status_list"] };
    if (isStale(list, at)) return { verdict: "status_stale", reasons: [...reasons, "status_list_old"] };
    return { verdict: isOld ? "status_stale" : "valid", reasons: [...reasons, "status_checked"] };
  }
}

async function refusing(step) {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return finding(error instanceof NotGenuine ? "invalid" : "unreadable", [error.reason]);
  }
}

/** Throws NotGenuine where a genuine certificate is not one that may sign tickets. */
function checkModule(opened, issuer) {
  if (opened.issuer !== issuer) throw new NotGenuine("certificate_linkage");
  if (opened.isAuthority || opened.authorisation !== certificate.CHA_SELLING_SAM) throw new NotGenuine("certificate_role");
  const isForTickets = opened.oid === certificate.OID_ISO9796 && opened.key.size === envelope.SIGNATURE_BYTES;
  if (!isForTickets) throw new NotGenuine("certificate_use");
  return certificate.parseSamHolder(opened.holder);
}

/** Ends of validity are days and count as a whole, in Berlin. The root's end is not asked. */
function certifiedVdv(at, authority, opened, holder) {
  const day = dayInBerlin(at);
  if (day > authority.endOfValidity) return "sub_ca_certificate_expired";
  if (day > opened.endOfValidity || day > holder.validTo) return "module_certificate_expired";
  return day < holder.validFrom ? "module_certificate_not_yet_valid" : "";
}

function seenVdv(ticket, issuer) {
  const { validFrom, validUntil, traveller } = ticket;
  const start = validFrom === null ? null : fromBerlin(validFrom);
  // twice an hour exists on one night of the year: an end means the later one
  const until = validUntil === null ? null : fromBerlin(validUntil, true);
  return {
    start,
    until,
    ticket: {
      format: "vdv",
      number: ticket.number,
      product: ticket.productNumber,
      organisation_id: ticket.organisationId,
      first_name: traveller?.first ?? "",
      last_name: traveller?.last ?? "",
      birth_date: traveller?.birthDate ?? null,
      valid_from: start === null ? null : isoInBerlin(start, validFrom),
      valid_until: until === null ? null : isoInBerlin(until, validUntil),
      name_form: traveller?.form ?? null,
      passenger_type: ticket.passengerType,
      product_owner_id: ticket.productOwnerId,
      area: ticket.area,
      medium: ticket.medium,
      module_number: ticket.moduleNumber,
      sub_ca: issuer,
    },
  };
}

function seenQr(claims) {
  return {
    start: claims.validFrom,
    until: claims.validUntil,
    ticket: {
      format: "qr",
      number: claims.number,
      product: claims.product,
      organisation_id: claims.organisationId,
      first_name: claims.firstName,
      last_name: claims.lastName,
      birth_date: claims.birthDate,
      valid_from: isoInBerlin(claims.validFrom),
      valid_until: isoInBerlin(claims.validUntil),
      name_cut: claims.isNameCut,
      area: claims.area === null ? null : { organisation_id: 5000, numbers: [claims.area] },
      token_id: claims.tokenId,
    },
  };
}
