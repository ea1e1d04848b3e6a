/**
 * From the verifier's finding to green, amber or red. Green only for a ticket that is valid by a fresh status list and
 * a clock that can be right; what the device cannot know for certain is amber; the rest is red.
 */

import { TOLERANCE } from "./clock.js";

export const STALE_AFTER = 24 * 3_600_000;
const OF_FILES = ["no_barcode_found", "unsupported_file", "picture_too_large"];
const UNPROVEN = ["issued_list_missing", "issued_list_old"];
const CERTIFICATE = ["sub_ca_certificate_expired", "module_certificate_expired", "module_certificate_not_yet_valid", "key_expired"];
const FORGED = ["signature_wrong", "hash_wrong", "not_canonical", "trailing_bytes", "module_number_wrong", "certificate_linkage"];

/**
 * {colour, why}, and for a ticket that is suspended {shade, say}: a colour between amber and red, and what to tell the
 * child. `why` and `say` are keys of the words. `now` in milliseconds; `lists` tells `refreshedAt` (the last time that
 * the service answered, or null), `newestTime` (the latest time that any list or the service has shown) and
 * `clockAhead(now)` (how far this device's clock was from the service's).
 */
export function show(finding, now, lists) {
  const clockIsWrong = lists.clockAhead(now) !== 0 || now < lists.newestTime - TOLERANCE;
  // for a day nothing has confirmed what time it is: what is over or not begun by this clock alone accuses nobody
  const clockIsProved = now - lists.newestTime <= STALE_AFTER;
  const { verdict, reasons } = finding;
  switch (verdict) {
    case "valid":
      if (!reasons.includes("status_checked")) return { colour: "amber", why: "no_list" };
      return clockIsWrong ? { colour: "amber", why: "clock" } : { colour: "green", why: "good" };
    case "status_unchecked": return { colour: "amber", why: "no_list" };
    case "status_stale": {
      if (clockIsWrong) return { colour: "amber", why: "clock" };
      return { colour: "amber", why: reasons.some((one) => UNPROVEN.includes(one)) ? "unproven" : "old_list" };
    }
    case "unknown_issuer": {
      // an older form, which this device cannot check: no reason to call it forged
      if (reasons.includes("module_certificate_not_enclosed")) return { colour: "amber", why: "not_enclosed" };
      // another operator's honest rider, where the list has not all sub-CAs of the country; red only for one known as bad
      if (reasons.includes("uic_ticket")) return { colour: "amber", why: "other_issuer" };
      if (reasons.includes("unknown_sub_ca") && !reasons.includes("certificates_left_out")) return { colour: "amber", why: "other_issuer" };
      const isFresh = lists.refreshedAt !== null && now - lists.refreshedAt <= STALE_AFTER && !clockIsWrong;
      return isFresh ? { colour: "red", why: "unknown_issuer" } : { colour: "amber", why: "unknown_without_lists" };
    }
    case "unreadable": return { colour: "amber", why: OF_FILES.find((one) => reasons.includes(one)) ?? "unreadable" };
    case "expired":
      if (clockIsWrong) return { colour: "amber", why: "clock" };
      return clockIsProved || isOver(finding, lists) ? { colour: "red", why: verdict } : { colour: "amber", why: "clock_unproved" };
    case "not_yet_valid":
      if (clockIsWrong) return { colour: "amber", why: "clock" };
      return clockIsProved ? { colour: "red", why: verdict } : { colour: "amber", why: "early_clock_unproved" };
    case "revoked": return { colour: "red", why: "revoked" };
    case "suspended": return { colour: "red", shade: "suspended", why: "suspended", say: "say_suspended" };
    default: return ofInvalid(reasons, clockIsWrong, clockIsProved);
  }
}

/** Whether lists or the service have shown a time after the ticket's end. */
function isOver({ ticket }, { newestTime }) {
  return Boolean(ticket?.valid_until) && Date.parse(ticket.valid_until) < newestTime;
}

/** A certificate too is over by a clock; a forgery is one at any time. */
function ofInvalid(reasons, clockIsWrong, clockIsProved) {
  const why = whyInvalid(reasons);
  if (why === "certificate" && clockIsWrong) return { colour: "amber", why: "certificate_clock" };
  if (why === "certificate" && !clockIsProved) return { colour: "amber", why: "certificate_clock_unproved" };
  return { colour: "red", why };
}

function whyInvalid(reasons) {
  if (reasons.includes("not_issued")) return "not_issued";
  if (reasons.some((one) => CERTIFICATE.includes(one))) return "certificate";
  return reasons.some((one) => FORGED.includes(one)) ? "forged" : "not_accepted";
}
