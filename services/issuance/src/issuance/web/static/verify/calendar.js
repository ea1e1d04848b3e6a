/**
 * Times and dates. Instants are milliseconds since 1970 (as Date.now()); dates are texts such as 2026-08-01, which
 * compare as they should. VDV-KA writes the wall clock of Berlin.
 */

import { hex } from "./bytes.js";
import { Unreadable } from "./refusal.js";

const HOUR = 3_600_000;
const FIRST_YEAR = 1990;
const IN_BERLIN = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Berlin", calendar: "iso8601", hourCycle: "h23",
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** Hours that Berlin's clock is ahead of UTC at an instant: 1 or 2. */
function offset(instant) {
  const whole = Math.floor(instant / 1000) * 1000;
  return (wallClock(whole) - whole) / HOUR;
}

function wallClock(instant) {
  const part = Object.fromEntries(IN_BERLIN.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/**
 * The instant of a wall clock (given as if it were UTC). One night a year has an hour twice: `later` picks which.
 * Another lacks one: then the clock before (later: after) the change is meant.
 */
export function fromBerlin(wall, later = false) {
  const summer = wall - 2 * HOUR;
  const winter = wall - HOUR;
  const isSummer = offset(summer) === 2;
  const isWinter = offset(winter) === 1;
  if (isSummer && isWinter) return later ? winter : summer;
  if (isSummer || isWinter) return isSummer ? summer : winter;
  return later ? summer : winter;
}

/** As Python writes an aware time in Berlin: 2026-08-01T00:00:00+02:00. `wall` as in fromBerlin, where it is known. */
export function isoInBerlin(instant, wall = wallClock(instant)) {
  const ahead = (wall - Math.floor(instant / 1000) * 1000) / HOUR;
  return `${new Date(wall).toISOString().slice(0, 19)}+0${ahead}:00`;
}

export const dayInBerlin = (instant) => new Date(wallClock(instant)).toISOString().slice(0, 10);

/** A date as text, or null where there is no such day. */
export function date(year, month, day) {
  const made = new Date(Date.UTC(2000, month - 1, 1));
  made.setUTCFullYear(year, month - 1, day);
  const isReal = year >= 1 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day && month >= 1 && month <= 12;
  return isReal ? made.toISOString().slice(0, 10) : null;
}

/** BCD, YYYYMMDD in 4 bytes. Four zeros are null; what is no date is refused as `date_impossible`. */
export function decodeBcd(data) {
  const digits = hex(data);
  if (digits === "00000000") return null;
  const day = /^\d{8}$/.test(digits) ? date(+digits.slice(0, 4), +digits.slice(4, 6), +digits.slice(6)) : null;
  if (day === null) throw new Unreadable("date_impossible", digits);
  return day;
}

/** The same of a birth date, of which day, or month and day, may be 00. What is no date is taken as not given. */
export function decodeBirthDate(data) {
  const digits = hex(data);
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)];
  if (/^\d{8}$/.test(digits) && +year > 0 && +month <= 12 && day === "00") return `${year}-${month}-00`;
  try {
    return decodeBcd(data);
  } catch {
    return null;
  }
}

/**
 * DateTimeCompact: year-1990 (7), month (4), day (5), hour (5), minute (6), second/2 (5), as wall clock in Berlin
 * (milliseconds as if it were UTC). 0 is null; hours 24 to 31 mean the next day.
 */
export function decodeCompact(value) {
  if (value === 0) return null;
  const [hour, minute, second] = [(value >>> 11) & 0x1f, (value >>> 5) & 0x3f, (value & 0x1f) * 2];
  const day = date(FIRST_YEAR + (value >>> 25), (value >>> 21) & 0xf, (value >>> 16) & 0x1f);
  if (day === null || minute > 59 || second > 59) throw new Unreadable("time_impossible");
  return Date.parse(`${day}T00:00:00Z`) + ((hour * 60 + minute) * 60 + second) * 1000;
}
