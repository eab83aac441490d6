// What does the page's verifier say of a log in a folder after each of some bits was flipped? Appended to its modules, run by node.
import { createRequire } from "node:module";
import fs from "node:fs";

const [folder, library, flips] = process.argv.slice(2);
const fast = createRequire(import.meta.url)(library);
const tools = { sha256: (bytes) => fast.hash(bytes), ed25519: verifier(async () => null) };
const names = fs.readdirSync(folder, { recursive: true }).filter((name) => fs.statSync(`${folder}/${name}`).isFile());
const files = new Map(names.map((name) => [name, fs.readFileSync(`${folder}/${name}`)]));

const said = [];
for (const [name, at, bit] of [[null, 0, 0], ...JSON.parse(flips)]) {
  const changed = new Map(files);
  if (name !== null) changed.set(name, Buffer.from(files.get(name)).fill(files.get(name)[at] ^ (1 << bit), at, at + 1));
  const all = new Map([...changed].map(([path, bytes]) => [`log/${path}`, async () => new Blob([bytes])]));
  const { verdict, fault } = await verifyLog(tools, LogFiles.among(all), () => {});
  said.push([verdict, fault && fault.place]);
}
console.log(JSON.stringify(said));
