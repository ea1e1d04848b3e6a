/** Has the ticket's page kept on this phone, so that it opens without a network. Without JavaScript the page works the
 *  same, only not offline: paper and the picture of the barcode are for that. */

const worker = new URL("offline-worker.js", import.meta.url).href;
const policy = globalThis.trustedTypes?.createPolicy("schulticket", { createScriptURL: () => worker });

async function keep() {
  if (!navigator.serviceWorker || document.documentElement.dataset.kept !== undefined) return;
  const scope = new URL("../", import.meta.url).href;
  await navigator.serviceWorker.register(policy?.createScriptURL("") ?? worker, { scope, updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((each) => each.name);
  const pictures = Array.from(document.images, (each) => each.src);
  active.postMessage({ page: location.href, parts: [...new Set([...parts, ...pictures])] });
}

navigator.serviceWorker?.addEventListener("message", (event) => {
  if (event.data === "kept") document.documentElement.dataset.kept = "";
});

if (document.readyState === "complete") keep();
else addEventListener("load", keep, { once: true });
