/**
 * Whether this device's clock can be right. Answers of the service bear its time (`Date`): a clock that goes ahead
 * would call good tickets expired, and the lists alone only show one that goes behind.
 */

/** So far two clocks may be apart: what both say of a ticket then differs by minutes at most. */
export const TOLERANCE = 5 * 60_000;
/** `Date` has whole seconds. */
const SECOND = 1000;

export class Clock {
  constructor() {
    this.begin();
    /** What is kept: how far this device was ahead of the service (behind: below nought), and its own time then. */
    this.measured = { ahead: 0, at: -Infinity };
  }

  /** A refresh begins: only its own answers count. */
  begin() {
    this.latest = null;
  }

  /** The headers of an answer that was asked for at `asked` and was there at `there`, by this device's clock. */
  hear(headers, asked, there) {
    const told = Date.parse(headers.get("date") ?? "") + SECOND * Number(headers.get("age") ?? 0);
    // an answer that a network has kept tells an older time: the latest of all counts
    if (!Number.isNaN(told) && told > (this.latest?.told ?? -Infinity)) this.latest = { told, asked, there };
  }

  /** What the answers have shown. Returns the service's time, or null where none of them told it. */
  settle() {
    if (!this.latest) return null;
    const { told, asked, there } = this.latest;
    // how long an answer was on its way is nobody's fault: only what no delay explains
    const ahead = Math.max(asked - told - SECOND, 0) + Math.min(there - told, 0);
    this.measured = { ahead: Math.abs(ahead) > TOLERANCE ? ahead : 0, at: there };
    return told;
  }

  /** Milliseconds that this device is ahead of the service, below nought where it is behind, 0 within the tolerance. */
  aheadAt(now) {
    const { ahead, at } = this.measured;
    // set back since: what was measured no longer holds
    return ahead > 0 && now < at - TOLERANCE ? 0 : ahead;
  }
}
