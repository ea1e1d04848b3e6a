/** Where this device is, roughly: a cell of 0.1 degrees, 11 by 7 km in NRW. Only where the inspector has agreed. */

import { get, put } from "./store.js";

const HALF_AN_HOUR = 1_800_000;
const OPTIONS = { enableHighAccuracy: false, maximumAge: HALF_AN_HOUR, timeout: 10_000 };
const known = { cell: null, at: -Infinity };

export const isAllowed = async () => (await get("place").catch(() => false)) ?? false;

export async function allow(isAllowedNow) {
  Object.assign(known, { cell: null, at: -Infinity });
  await put("place", isAllowedNow).catch(() => {});
}

/** `51.2,6.7`: latitude and longitude of the cell's corner; null where nobody agreed, or it is not known. */
export async function cell(now = Date.now()) {
  if (!(await isAllowed()) || !navigator.geolocation) return null;
  if (now - known.at > HALF_AN_HOUR / 6) {
    known.at = now;
    known.cell = await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(({ coords }) => resolve(cellOf(coords)), () => resolve(null), OPTIONS);
    });
  }
  return known.cell;
}

const cellOf = ({ latitude, longitude }) => [latitude, longitude].map((one) => (Math.floor(one * 10) / 10).toFixed(1)).join(",");
