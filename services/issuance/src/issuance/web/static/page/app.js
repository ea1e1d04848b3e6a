/** The scanner page: camera, picture or entry -> verifier -> verdict. Told in steps. */

import { mostSerious } from "../verify/finding.js";
import { equal } from "../verify/bytes.js";
import { Camera } from "./camera.js";
import { foreign } from "./foreign.js";
import { firstIsDone, later } from "./later.js";
import { Lists } from "./lists.js";
import * as log from "./log.js";
import * as place from "./place.js";
import { Reader } from "./reader.js";
import { saveReport } from "./report.js";
import { allowSound, signal } from "./signals.js";
import * as signIn from "./sign-in.js";
import { get, put } from "./store.js";
import { lookUp, understand } from "./typed.js";
import { show } from "./verdict.js";
import { View } from "./view.js";
import { preferred } from "./words.js";

/** A scanner with a network knows of a revocation at the latest after this and what the service itself takes. */
const REFRESH_EVERY = 30_000;
const LOOK_EVERY = 15_000;
/** A child's name does not stay on a screen that was put away. */
const SHOWN_FOR = 90_000;
/** The same code again before the camera within this time is the same look at it. */
const SAME_FOR = 5_000;
const MOST_FILE_BYTES = 30_000_000;
const at = (id) => document.getElementById(id);

const view = new View(preferred(navigator.languages));
const lists = new Lists();
const reader = new Reader();
const camera = new Camera(at("video"), onFrame);
const last = { content: null, seenAt: -Infinity, shown: null, clear: 0 };

/** One frame of the camera. `shownAt`: when the frame was there (performance.now). */
async function onFrame(bitmap, shownAt) {
  const codes = await reader.read(bitmap, true);
  const known = codes.find((code) => last.content && equal(code, last.content));
  if (known && performance.now() - last.seenAt < SAME_FOR) {
    last.seenAt = performance.now();
    return;
  }
  if (codes.length) await judge(codes, shownAt, true);
}

/** From the contents of codes to a verdict on the page. Strangers' codes before the camera get a hint only. */
async function judge(codes, shownAt, isCamera) {
  // 1. What the codes are, at this moment, by the lists on this device.
  const now = Date.now();
  const findings = await Promise.all(codes.map((code) => lists.verifier.verify(code, now)));
  const finding = mostSerious(findings);
  if (isCamera && finding.reasons[0] === "not_a_ticket") {
    view.hint("foreign_code");
    return;
  }
  // 2. Green, amber or red.
  const shown = show(finding, now, lists);
  last.content = codes[findings.indexOf(finding)];
  if (shown.why === "other_issuer") shown.foreign = foreign(last.content);
  last.seenAt = performance.now();
  present(shown, finding, now);
  measure(shownAt, finding.verdict);
  // 3. What was shown is noted, without saying whose it was.
  const { id, seenAt } = await log.note(finding, shown.colour, now);
  const isStill = () => last.shown?.now === now;
  if (seenAt !== null && isStill()) view.note("seen_before", seenAt);
  // 4. With a network and a sign-in, the service knows whether another scanner has met this ticket far away.
  log.send().then(({ attention }) => {
    if (!attention.includes(id) || !isStill()) return;
    if (shown.colour === "green") present({ colour: "amber", why: "seen_elsewhere" }, finding, now);
    else view.note("seen_elsewhere");
  }).catch(() => {});
}

/** From the frame to the painted verdict, for whoever looks at it with the browser's tools. */
function measure(start, detail) {
  requestAnimationFrame(() => setTimeout(() => {
    if (performance.getEntriesByType("measure").length > 100) performance.clearMeasures();
    performance.measure("frame-to-verdict", { start, end: performance.now(), detail });
  }));
}

function present(shown, finding, now) {
  last.shown = { shown, finding, now };
  view.hint(null);
  view.verdict(shown, finding, lists, now, camera.isRunning);
  signal(shown.colour);
  clearTimeout(last.clear);
  last.clear = setTimeout(next, SHOWN_FOR);
}

/** News of the lists. That the clock is wrong may be known only after a verdict was shown by it: it is taken back. */
function onLists() {
  view.lists(lists, Date.now());
  if (!last.shown) return;
  const { shown, finding, now } = last.shown;
  const again = show(finding, now, lists);
  if (again.why.endsWith("clock") && !shown.why.endsWith("clock") && finding.ticket) present(again, finding, now);
}

/** Back to the camera; the ticket before leaves the page. */
function next() {
  clearTimeout(last.clear);
  firstIsDone();
  Object.assign(last, { content: null, seenAt: -Infinity, shown: null });
  for (const one of document.querySelectorAll(".facts dd, #verdict-reasons, #verdict-codes")) one.textContent = "";
  view.setState(camera.isRunning ? "scanning" : "start", camera.isRunning);
  view.hint(camera.isRunning ? "aim" : null);
}

async function startCamera() {
  allowSound();
  try {
    await camera.start();
    at("torch").disabled = !camera.hasTorch;
    view.setState("scanning", true);
    view.hint("aim");
  } catch (error) {
    view.hint(error.name === "NotAllowedError" ? "camera_denied" : "no_camera");
  }
}

async function readPicture(file) {
  allowSound();
  view.hint("reading");
  const refuse = (why) => present({ colour: "amber", why }, { verdict: "unreadable", reasons: [why] }, Date.now());
  if (file.size > MOST_FILE_BYTES) return refuse("picture_too_large");
  // a file that no browser opens as a picture (a PDF, a wallet's pass) is not called a picture without a code
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return refuse("unsupported_file");
  const codes = await reader.read(bitmap).catch(() => []);
  return codes.length ? judge(codes, performance.now(), false) : refuse("no_barcode_found");
}

async function checkTyped() {
  if (!at("enter-text").value.trim()) {  // nothing was shown: no verdict, and no line in the log
    at("enter-text").focus();
    return;
  }
  allowSound();
  at("enter-sheet").close();
  const { content, number } = understand(at("enter-text").value);
  at("enter-text").value = "";
  if (content) await judge([content], performance.now(), false);
  else present(lookUp(number, lists.trust), { verdict: "unreadable", reasons: ["number_only"] }, Date.now());
}

async function toggleTorch() {
  const isOn = at("torch").ariaPressed !== "true";
  await camera.setTorch(isOn);
  at("torch").ariaPressed = String(isOn);
}

async function openLog() {
  await showLog(null);
  at("log-sheet").showModal();
}

async function showLog(stateWord) {
  at("place").checked = await place.isAllowed();
  view.log(await log.all(), stateWord, signIn.signedInUntil());
}

async function sendLog() {
  const { state } = await log.send();
  await showLog(state === "sent" ? "log_sent" : state);
}

async function signInOrOut() {
  if (signIn.token()) {
    signIn.leave();
    await showLog(null);
    return;
  }
  await signIn.begin().catch(() => showLog("sign_in_failed"));
}

/** On the way back from the identity provider the log is what the inspector wanted. */
async function comeBack() {
  const isSignedIn = await signIn.finish();
  if (isSignedIn === null) return;
  await openLog();
  if (isSignedIn) await sendLog();
  else await showLog("sign_in_failed");
}

async function changeLanguage() {
  const language = view.language === "de" ? "en" : "de";
  view.setLanguage(language);
  view.lists(lists, Date.now());
  if (last.shown) view.verdict(last.shown.shown, last.shown.finding, lists, last.shown.now, camera.isRunning);
  else view.hint(camera.isRunning ? "aim" : null);
  await put("language", language);
}

/** A page that was put away lets go of the camera; one that comes back asks for news first. */
async function onVisibility() {
  if (document.hidden) {
    camera.wasRunning = camera.isRunning;
    camera.stop();
    return;
  }
  lists.refresh();
  if (camera.wasRunning) await startCamera();
}

function listen() {
  at("start-camera").addEventListener("click", startCamera);
  at("next").addEventListener("click", next);
  at("language").addEventListener("click", changeLanguage);
  at("torch").addEventListener("click", () => toggleTorch().catch(() => { at("torch").disabled = true; }));
  at("picture").addEventListener("change", ({ target }) => {
    if (target.files.length) readPicture(target.files[0]).finally(() => { target.value = ""; });
  });
  at("enter").addEventListener("click", () => at("enter-sheet").showModal());
  at("enter-check").addEventListener("click", checkTyped);
  at("open-log").addEventListener("click", openLog);
  at("send-log").addEventListener("click", sendLog);
  at("sign-in").addEventListener("click", signInOrOut);
  at("report").addEventListener("click", async () => showLog(await saveReport(view.language)));
  at("place").addEventListener("change", ({ target }) => place.allow(target.checked).then(() => place.cell()));
  at("lists").addEventListener("click", () => at("lists-sheet").showModal());
  at("refresh").addEventListener("click", () => lists.refresh());
  for (const one of document.querySelectorAll("[data-close]")) one.addEventListener("click", () => one.closest("dialog").close());
  lists.addEventListener("change", onLists);
  document.addEventListener("visibilitychange", onVisibility);
  addEventListener("online", () => lists.refresh().then(() => log.send()));
}

async function start() {
  listen();
  const language = await get("language").catch(() => undefined);
  if (language) view.setLanguage(language);
  view.lists(lists, Date.now());
  await lists.load();
  document.documentElement.dataset.ready = "yes";
  later(reader.isLoaded, () => camera.isRunning, () => last.shown !== null).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  log.tidy(Date.now()).catch(() => {});
  comeBack().catch(() => {});
  await lists.refresh();
  setInterval(() => { if (!document.hidden) lists.refresh(); }, REFRESH_EVERY);
  setInterval(() => view.lists(lists, Date.now()), LOOK_EVERY);
}

start();
