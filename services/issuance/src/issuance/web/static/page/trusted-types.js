/** The only two scripts that are ever loaded by address: the service worker and the barcode reader's worker. */

const ADDRESSES = {
  service: new URL("../../service-worker.js", import.meta.url).href,
  reader: new URL("read-worker.js", import.meta.url).href,
};

const policy = globalThis.trustedTypes?.createPolicy("schulticket", {
  createScriptURL: (name) => ADDRESSES[name],
});

/** The address of "service" or "reader", in the form that the page's policy wants. */
export const scriptAddress = (name) => policy?.createScriptURL(name) ?? ADDRESSES[name];
