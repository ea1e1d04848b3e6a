/** The page's side of the barcode reader. A reader that stops or takes too long is replaced by a fresh one. */

import { scriptAddress } from "./trusted-types.js";

const PATIENCE = 10_000;
const MOST_PIXELS = 80_000_000;

export class Reader {
  constructor() {
    this.waiting = new Map();
    this.count = 0;
    /** Fulfilled when the reader has all of its parts: then the line is free for what can wait. */
    this.isLoaded = new Promise((resolve) => { this.tellLoaded = resolve; });
    this.begin();
  }

  begin() {
    this.worker = new Worker(scriptAddress("reader"), { type: "module" });
    this.worker.onmessage = ({ data: { id, codes, error, isLoaded } }) => {
      if (isLoaded) {
        this.tellLoaded();
        return;
      }
      const { resolve, reject, timer } = this.waiting.get(id);
      this.waiting.delete(id);
      clearTimeout(timer);
      if (error) reject(new Error(error));
      else resolve(codes);
    };
    this.worker.onerror = () => this.giveUp();
  }

  giveUp() {
    this.worker.terminate();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Error("the barcode reader has stopped"));
    }
    this.waiting.clear();
    this.begin();
  }

  /** The contents (bytes) of all QR and Aztec codes in a picture. Takes the bitmap over. */
  read(bitmap, isCamera = false) {
    if (bitmap.width * bitmap.height > MOST_PIXELS) throw new RangeError("the picture is too large");
    this.count += 1;
    const id = this.count;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(), PATIENCE);
      this.waiting.set(id, { resolve, reject, timer });
      this.worker.postMessage({ id, bitmap, isCamera }, [bitmap]);
    });
  }
}
