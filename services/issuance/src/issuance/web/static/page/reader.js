/** The page's side of the barcode reader. */

import { scriptAddress } from "./trusted-types.js";

export class Reader {
  constructor() {
    this.worker = new Worker(scriptAddress("reader"), { type: "module" });
    this.waiting = new Map();
    this.count = 0;
    this.worker.onmessage = ({ data: { id, codes, error } }) => {
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) reject(new Error(error));
      else resolve(codes);
    };
    this.worker.onerror = () => {
      for (const { reject } of this.waiting.values()) reject(new Error("the barcode reader has stopped"));
      this.waiting.clear();
    };
  }

  /** The contents (bytes) of all QR and Aztec codes in a picture. Takes the bitmap over. */
  read(bitmap) {
    this.count += 1;
    const id = this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, bitmap }, [bitmap]);
    });
  }
}
