/**
 * Makes resources/sample: 5,000 training and 1,000 test images of CIFAR-10, balanced, as one archive.
 *
 *     node scripts/make-sample.ts --source cifar-10-images.tar.gz [--out resources/sample]
 *
 * The source holds train|test/<class>/NNNN.jpg. The first images of each class by name are taken, their
 * bytes unchanged, so the same source gives the same archive.
 */
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createGunzip, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';

const PER_CLASS: Record<string, number> = { train: 500, test: 100 };
const CLASSES = 10;
const MAX_BYTES = 5_000_000;

const { values } = parseArgs({
  options: { source: { type: 'string' }, out: { type: 'string', default: 'resources/sample' } },
});
if (!values.source) {
  console.error('Usage: node scripts/make-sample.ts --source <cifar-10-images.tar.gz> [--out <folder>]');
  process.exit(2);
}

const groups = await readGroups(values.source);
const chosen = [...groups]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .flatMap(([group, images]) => pick(group, images));
const expected = CLASSES * (PER_CLASS.train + PER_CLASS.test);
if (chosen.length !== expected)
  throw new Error(`Found ${chosen.length} images to take, expected ${expected}.`);

const archive = pack();
const packed = buffer(archive);
for (const { name, content } of chosen) archive.entry({ name, mtime: new Date(0), mode: 0o644 }, content);
archive.finalize();
const compressed = gzipSync(await packed, { level: 9 });
if (compressed.length > MAX_BYTES)
  throw new Error(`The archive has ${compressed.length} bytes, over ${MAX_BYTES}.`);
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, 'cifar10-sample.tar.gz'), compressed);
console.log(`${chosen.length} images, ${compressed.length} bytes`);

interface Image {
  name: string;
  content: Buffer;
}

/** Images by folder, e.g. "train/cat". */
async function readGroups(source: string): Promise<Map<string, Image[]>> {
  const found = new Map<string, Image[]>();
  const entries = createReadStream(source).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    const name = entry.header.name;
    const group = /^((?:train|test)\/[a-z]+)\/\d+\.jpg$/.exec(name)?.[1];
    const content = await buffer(entry);
    if (!group) continue;
    const images = found.get(group);
    if (images) images.push({ name, content });
    else found.set(group, [{ name, content }]);
  }
  return found;
}

function pick(group: string, images: Image[]): Image[] {
  const sorted = images.sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.slice(0, PER_CLASS[group.split('/')[0]]);
}
