/** Sound and vibration: each colour differs in number, height and length of its tones, not in height alone. */

const TONES = {
  green: [[1320, 0, 0.16]],
  amber: [[740, 0, 0.14], [740, 0.22, 0.14]],
  red: [[220, 0, 0.5], [180, 0.5, 0.35]],
};
const SHAKES = { green: [90], amber: [120, 90, 120], red: [500, 120, 300] };

let sound = null;

/** Browsers allow sound only after a touch: called from the first one. */
export function allowSound() {
  try {
    sound ??= new AudioContext();
    sound.resume();
  } catch {
    sound = null;
  }
}

export function signal(colour) {
  navigator.vibrate?.(SHAKES[colour]);
  if (!sound) return;
  for (const [hertz, after, seconds] of TONES[colour]) {
    const [tone, volume] = [sound.createOscillator(), sound.createGain()];
    tone.type = colour === "red" ? "sawtooth" : "sine";
    tone.frequency.value = hertz;
    const start = sound.currentTime + after;
    volume.gain.setValueAtTime(0.35, start);
    volume.gain.setTargetAtTime(0, start + seconds - 0.03, 0.01);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + seconds + 0.05);
  }
}
