// passkit-generator: `node pass_peer.mjs FOLDER` (pass_peers.py)
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PKPass } from "passkit-generator";

const folder = process.argv[2];
const art = Object.fromEntries(
  readdirSync(join(folder, "files"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => [path.slice(join(folder, "files").length + 1), readFileSync(path)]),
);
const read = (name) => readFileSync(join(folder, name), "utf8");
const certificates = { wwdr: read("intermediate.pem"), signerCert: read("pass.pem"), signerKey: read("pass.key") };
const { serialNumber } = JSON.parse(art["pass.json"]);

const onePass = () => new PKPass({ ...art }, certificates, { serialNumber }).getAsBuffer();

writeFileSync(join(folder, "passkit-generator.pkpass"), onePass());
createInterface({ input: process.stdin }).on("line", (line) => {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  const wall = () => Number(process.hrtime.bigint() - begin) / 1e9;
  let count = 0;
  while (wall() < Number(line)) {
    onePass();
    count += 1;
  }
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({ count, wall: wall(), cpu: (used.user + used.system) / 1e6 }));
});
