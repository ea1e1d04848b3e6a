/** What this device keeps, in IndexedDB: the lists as they came, few settings, and the log. No personal data. */

const NAME = "schulticket-scanner";
export const KEPT = "kept";
export const LOG = "log";

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEPT);
      request.result.createObjectStore(LOG, { keyPath: "id" });
    };
    request.onsuccess = () => {
      // a browser that clears its storage closes the database under the page: the next use opens a new one
      request.result.onclose = () => { opened = null; };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => { opened = null; });
  return opened;
}

/** One transaction: `step` is given the object store and returns a request, whose result is returned. */
async function transact(name, mode, step) {
  const transaction = (await database()).transaction(name, mode);
  return new Promise((resolve, reject) => {
    const request = step(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const get = (key) => transact(KEPT, "readonly", (store) => store.get(key));
export const put = (key, value) => transact(KEPT, "readwrite", (store) => store.put(value, key));
export const entries = () => transact(LOG, "readonly", (store) => store.getAll());
export const saveEntries = (changed) =>
  transact(LOG, "readwrite", (store) => { for (const entry of changed) store.put(entry); });
export const removeEntries = (ids) =>
  transact(LOG, "readwrite", (store) => { for (const id of ids) store.delete(id); });
