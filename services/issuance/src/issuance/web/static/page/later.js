/**
 * What can wait until the first verdict: KERN's sheet and typeface, and keeping the page for times without a network. On
 * a slow line they take longer than all the rest, and an inspector with a child before her waits for neither.
 */

import { scriptAddress } from "./trusted-types.js";

const SHEETS = ["fonts/fira-sans.css", "kern.min.css"].map((name) => new URL(`../vendor/kern/${name}`, import.meta.url).href);
/** Whoever holds a camera and meets no ticket for so long has time. */
const LATEST = 20_000;
/** So long after the reader is there an inspector who came to look at tickets has started the camera. */
const STARTED = 1_500;

let giveWay = () => {};
const isFree = new Promise((resolve) => { giveWay = resolve; });

/** A verdict was shown and is put away: nothing moves under the inspector's eyes any more. */
export const firstIsDone = () => giveWay();

/** `isLoaded`: when the barcode reader is there; `isBusy()`: whether a camera runs; `isShowing()`: whether a verdict does. */
export async function later(isLoaded, isBusy, isShowing) {
  // 1. A page that is kept has them on the device, and costs the line nothing.
  if (navigator.serviceWorker?.controller) dress();
  // 2. First of all what reads the code; then, while somebody looks for one, the verdict.
  await Promise.race([isLoaded.then(() => pause(STARTED)), isFree, pause(LATEST)]);
  if (isBusy() || isShowing()) await Promise.race([isFree, pause(LATEST)]);
  dress();
  await keepForOffline(isShowing);
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

function dress() {
  const own = document.querySelector('link[href$="scan.css"]');
  for (const sheet of SHEETS) {
    if (document.querySelector(`link[href="${sheet}"]`)) continue;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet;
    // before the page's own sheet, which has the last word
    own.before(link);
  }
}

/** The service worker keeps the page. A newer version takes over at the next visit, never under an open verdict. */
async function keepForOffline(isShowing) {
  if (!navigator.serviceWorker) return;
  const scope = new URL("../../../scan", import.meta.url).pathname;
  const registration = await navigator.serviceWorker.register(scriptAddress("service"), { scope, updateViaCache: "none" });
  if (registration.waiting) {
    navigator.serviceWorker.addEventListener("controllerchange", () => { if (!isShowing()) location.reload(); }, { once: true });
    registration.waiting.postMessage("take-over");
  }
}
