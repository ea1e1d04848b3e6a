/** The camera: its stream, its frames one at a time, its light. */

const WANTED = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** A camera that gives more than was asked for costs time, and reads nothing that this does not show. */
const MOST_SIDE = 960;

export class Camera {
  /** `onFrame(bitmap, shownAt)` is awaited: the next frame is taken only when the one before is done with. */
  constructor(video, onFrame) {
    this.video = video;
    this.onFrame = onFrame;
    this.track = null;
    this.isRunning = false;
  }

  /** Throws what getUserMedia throws (NotAllowedError, NotFoundError …). */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no camera", "NotFoundError");
    const stream = await navigator.mediaDevices.getUserMedia(WANTED);
    [this.track] = stream.getVideoTracks();
    this.video.srcObject = stream;
    await this.video.play();
    this.isRunning = true;
    this.askForFrame();
  }

  /** Lets go of the camera, so that its light and the battery's drain end. */
  stop() {
    this.isRunning = false;
    this.track?.stop();
    this.track = null;
    this.video.srcObject = null;
  }

  askForFrame() {
    if (!this.isRunning) return;
    if (this.video.requestVideoFrameCallback) {
      this.video.requestVideoFrameCallback((now, { captureTime, presentationTime }) =>
        this.take(captureTime ?? presentationTime ?? now));
    } else {
      requestAnimationFrame(() => this.take(performance.now()));
    }
  }

  async take(shownAt) {
    try {
      if (this.isRunning && this.video.videoWidth) await this.onFrame(await this.middle(), shownAt);
    } catch {
      // a frame that cannot be read is followed by the next one
    }
    this.askForFrame();
  }

  /** The square in the middle, where the page shows its frame: fewer pixels to search, and no neighbour's ticket. */
  middle() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const side = Math.min(width, height);
    const smaller = side > MOST_SIDE ? { resizeWidth: MOST_SIDE, resizeHeight: MOST_SIDE, resizeQuality: "medium" } : {};
    return createImageBitmap(this.video, (width - side) / 2, (height - side) / 2, side, side, smaller);
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async setTorch(isOn) {
    await this.track.applyConstraints({ advanced: [{ torch: isOn }] });
  }
}
