/** Why bytes are not a ticket: two kinds, because an inspector must not call a smudge a forgery. */

export class Refusal extends Error {
  /** `reason` is a code, the same that `issuance verify` prints; `detail` is for a programmer. Never personal data. */
  constructor(reason, detail = "") {
    super(detail ? `${reason}: ${detail}` : reason);
    this.reason = reason;
  }
}

/** These bytes do not have the form of the thing at all. */
export class Unreadable extends Refusal {}

/** The form is recognised, but signature, hash or canonical form is wrong: altered or forged. */
export class NotGenuine extends Refusal {}

/** A set of certificates and lists that must not be used. */
export class Unusable extends Refusal {}
