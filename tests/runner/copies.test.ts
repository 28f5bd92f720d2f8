/** Copies, end to end in the runner: made, embedded, found, measured, looked at. */
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCalibration } from '../../src/explorer/copies/files';
import { readSet } from '../../src/explorer/set-files';
import { crop, distortStrongly, pictureOf } from '../../src/runner/copies/distort';
import { warp } from '../../src/runner/copies/perspective';
import { embedSet } from '../../src/runner/jobs/embed-set';
import { findCopies } from '../../src/runner/jobs/find-copies';
import { imageFacts } from '../../src/runner/jobs/image-facts';
import { makeCopies } from '../../src/runner/jobs/make-copies';
import { measureSet } from '../../src/runner/jobs/measure-set';
import { search } from '../../src/runner/jobs/search';
import { UserError } from '../../src/shared/errors';
import {
  copiesFoundSchema,
  copiesMadeSchema,
  copyFactsSchema,
  decodePairs,
  PAIRS_FILE,
} from '../../src/shared/explorer/copies';
import { copiesManifestSchema } from '../../src/shared/explorer/copies-manifest';
import {
  retrievalReportSchema,
  retrievalProtocolSchema,
  type RetrievalProtocolInput,
} from '../../src/shared/explorer/retrieval';
import { searchRequests, type ImageSource, type SetSource } from '../../src/shared/explorer/requests';
import { setRecipeSchema } from '../../src/shared/explorer/sets';
import { random } from '../../src/shared/random';
import type { JobOf } from '../../src/shared/protocol';
import { recorded, temporaryFolder } from './fixtures';
import { asking } from './service';

let root: string;
/** 24 pictures in two classes, the last two of "b" copies of the first two of "a". */
let photos: string;
let photoSet: string;

const encoder = { kind: 'pixels', side: 8 } as const;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'selvedge-copies-'));
  photos = join(root, 'photos');
  await drawPhotos(photos);
  photoSet = await embed(photos, 'photo-set');
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** Patches of colour that no two pictures share. */
async function drawPhotos(folder: string): Promise<void> {
  for (const name of ['a', 'b']) await mkdir(join(folder, name), { recursive: true });
  for (let i = 0; i < 22; i++) {
    const draw = random(i, 'copies', 77);
    const pixels = Uint8Array.from({ length: 5 * 4 * 3 }, () => draw.integer(256));
    await sharp(pixels, { raw: { width: 5, height: 4, channels: 3 } })
      .resize(80, 64, { kernel: 'cubic' })
      .png()
      .toFile(join(folder, i < 12 ? 'a' : 'b', `${String(i).padStart(2, '0')}.png`));
  }
  await sharp(join(folder, 'a/00.png')).jpeg({ quality: 60 }).toFile(join(folder, 'b/copy-of-00.jpg'));
  await copyFile(join(folder, 'a/01.png'), join(folder, 'b/copy-of-01.png'));
}

async function embed(dataPath: string, name: string): Promise<string> {
  const folder = join(root, name);
  await embedSet(
    {
      kind: 'embed-set',
      set: name,
      folder,
      recipe: setRecipeSchema.parse({ encoder, dataset: 'data' }),
      encoder,
      dataPath,
      cacheDirectory: join(root, 'cache'),
      split: { heldOut: 0.25, seed: 0 },
      whitening: null,
      device: 'cpu',
      threads: 1,
    },
    recorded(),
  );
  return folder;
}

const findJob = (folder: string, changes: Partial<JobOf<'find-copies'>> = {}): JobOf<'find-copies'> => ({
  kind: 'find-copies',
  folder,
  encoder,
  cacheDirectory: join(root, 'cache'),
  device: 'cpu',
  threads: 1,
  ...changes,
});

async function measure(
  folder: string,
  protocol: RetrievalProtocolInput,
  changes: Partial<JobOf<'measure-set'>> = {},
) {
  const job: JobOf<'measure-set'> = {
    kind: 'measure-set',
    folder,
    protocol: retrievalProtocolSchema.parse(protocol),
    vectors: 'embeddings',
    encoder,
    distractors: null,
    cacheDirectory: join(root, 'cache'),
    device: 'cpu',
    threads: 1,
    ...changes,
  };
  return retrievalReportSchema.parse(await measureSet(job, recorded()));
}

const sourceOf = (folder: string): SetSource => ({
  id: 'photo-set',
  name: 'photos',
  encoderName: 'pixels',
  folder,
  encoder,
});

const makeJob = (out: string, changes: Partial<JobOf<'make-copies'>> = {}): JobOf<'make-copies'> => ({
  kind: 'make-copies',
  dataPath: photos,
  out,
  cacheDirectory: join(root, 'cache'),
  seed: 1,
  count: 6,
  blocks: ['jpeg', 'crop', 'strong'],
  ...changes,
});

test('planted copies are the best pairs; what a score means is measured and kept', async () => {
  const context = recorded();
  const found = copiesFoundSchema.parse(await findCopies(findJob(photoSet), context));
  const bytes = await readFile(join(photoSet, PAIRS_FILE));
  const pairs = decodePairs(new Uint8Array(bytes).buffer);
  expect(pairs.score).toHaveLength(found.pairs);
  const { images } = readSet(photoSet);
  const named = [0, 1].map((i) =>
    [images[pairs.first[i]].name, images[pairs.second[i]].name].sort().join(' '),
  );
  expect(named.sort()).toEqual(['a/00.png b/copy-of-00.jpg', 'a/01.png b/copy-of-01.png']);
  expect(pairs.score[1]).toBeGreaterThan(0.99);
  expect(pairs.score.every((score) => score >= found.floor - 1e-6)).toBe(true);
  const calibration = readCalibration(photoSet)!;
  expect(calibration).toMatchObject({ sampled: 24, reason: null });
  expect(calibration.synthetic).toMatchObject({ images: 24 });
  const [jpeg] = calibration.synthetic!.blocks;
  expect(jpeg.name).toBe('jpeg 30');
  expect(jpeg.found.cosine.likely).toBeGreaterThan(0.9);
  expect(calibration.synthetic!.microAp.cosine).toBeGreaterThan(0.5);
  expect(context.of('work').map(({ doing }) => doing)).toContain('Comparing all pairs');
});

test('without the encoder pairs are found all the same, and the reason is kept', async () => {
  const gone = { missing: 'The run was deleted.', hint: null };
  const found = copiesFoundSchema.parse(await findCopies(findJob(photoSet, { encoder: gone }), recorded()));
  expect(found.pairs).toBeGreaterThanOrEqual(2);
  expect(readCalibration(photoSet)).toMatchObject({ synthetic: null, reason: 'The run was deleted.' });
});

test('a damaged file is left out of the trial and counted; what an older version measured is measured anew', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'photos');
  await cp(photos, data, { recursive: true });
  const set = await embed(data, 'damaged-set');
  const whole = await readFile(join(data, 'a/03.png'));
  await writeFile(join(data, 'a/03.png'), whole.subarray(0, whole.length / 2));
  await findCopies(findJob(set), recorded());
  expect(readCalibration(set)!.synthetic).toMatchObject({ images: 23, unreadable: 1 });
  await writeFile(join(set, 'calibration.json'), '{"version":1}');
  expect(readCalibration(set)).toBeNull();
});

test('a search for pairs that is stopped throws and leaves the old ones', async () => {
  await findCopies(findJob(photoSet), recorded());
  const before = await readFile(join(photoSet, PAIRS_FILE));
  const stopping = recorded((message, context) => {
    if (message.type === 'work') context.stop();
  });
  await expect(findCopies(findJob(photoSet), stopping)).rejects.toThrow();
  expect(await readFile(join(photoSet, PAIRS_FILE))).toEqual(before);
});

test('copies are made by the seed, declared synthetic, and never over what is there', async () => {
  const [one, two] = [join(await temporaryFolder(), 'one'), join(await temporaryFolder(), 'two')];
  const made = copiesMadeSchema.parse(await makeCopies(makeJob(one), recorded()));
  expect(made).toMatchObject({ originals: 6, copies: 6 * 19, skipped: [] });
  await makeCopies(makeJob(two), recorded());
  const manifest = copiesManifestSchema.parse(JSON.parse(await readFile(join(one, 'copies.json'), 'utf8')));
  expect(manifest).toMatchObject({ declared: 'synthetic', seed: 1 });
  for (const { file } of manifest.images)
    expect(await readFile(join(one, file))).toEqual(await readFile(join(two, file)));
  const { file, original } = manifest.images.find(({ block }) => block === 'crop 50')!;
  const { width, height } = await sharp(join(one, file)).metadata();
  expect((width * height) / (80 * 64)).toBeCloseTo(0.5, 1);
  expect(await readFile(join(one, original))).toEqual(
    await readFile(join(photos, manifest.images.find(({ file: of }) => of === original)!.did.split(' ')[0])),
  );
  await expect(makeCopies(makeJob(one), recorded())).rejects.toThrow('is not empty');
});

test('a file that is no image is listed, not distorted', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'data');
  await mkdir(data);
  await copyFile(join(photos, 'a/00.png'), join(data, 'good.png'));
  await writeFile(join(data, 'bad.png'), 'no image');
  const out = join(folder, 'out');
  const made = copiesMadeSchema.parse(
    await makeCopies(makeJob(out, { dataPath: data, count: null, blocks: ['strong'] }), recorded()),
  );
  expect(made).toMatchObject({ originals: 1, copies: 1 });
  expect(made.skipped.map(({ path }) => path)).toEqual(['bad.png']);
});

test('strong distortions differ between images and keep a picture', async () => {
  const picture = await pictureOf(await readFile(join(photos, 'a/00.png')));
  const made = await Promise.all([...Array(12).keys()].map((image) => distortStrongly(picture, 0, image)));
  expect(new Set(made.map(({ did }) => did)).size).toBeGreaterThan(8);
  for (const { file } of made) expect((await sharp(file).metadata()).width).toBeGreaterThan(20);
  expect((await sharp((await crop(picture, 80)).file).metadata()).width).toBe(36);
});

test('a warp of the corners to themselves changes only the edge', () => {
  const [width, height] = [9, 7];
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
  const same = warp(
    { pixels, width, height },
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ],
    5,
  ).pixels;
  for (let y = 0; y < height - 1; y++)
    for (let x = 0; x < width - 1; x++) expect(same[(y * width + x) * 3]).toBe(pixels[(y * width + x) * 3]);
  // Half of the width, stretched: the middle column stays where it is only at the left edge.
  const wide = warp(
    { pixels, width, height },
    [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ],
    5,
  ).pixels;
  expect(wide[(3 * width + 8) * 3]).toBe(
    Math.round((pixels[(3 * width + 3) * 3] + pixels[(3 * width + 4) * 3] * 3) / 4),
  );
});

test('blocks: easy distortions are found, hashes are measured by the same protocol', async () => {
  const out = join(root, 'made');
  await makeCopies(makeJob(out, { count: 8 }), recorded());
  const set = await embed(out, 'made-set');
  const report = await measure(set, { kind: 'copy-blocks' }, { distractors: photoSet });
  expect(report.rows).toHaveLength(9 + 9 + 1 + 2);
  expect(report.rows.find(({ name }) => name === 'jpeg 75')).toMatchObject({
    queries: 8,
    recallAt: { 5: 1 },
  });
  expect(report.notes.join(' ')).toContain('32 images, 24 of them distractors');
  const hashes = await measure(set, { kind: 'copy-blocks' }, { vectors: 'perceptual hash' });
  // Planted copies are among the originals, and count against both.
  expect(hashes.rows.find(({ name }) => name === 'jpeg 75')).toMatchObject({
    queries: 8,
    recallAt: { 5: 1 },
  });
  const among = await measure(
    set,
    { kind: 'copy-blocks' },
    { vectors: 'perceptual hash', distractors: photoSet },
  );
  expect(among.notes.join(' ')).toContain('32 images, 24 of them distractors');
  await expect(measure(photoSet, { kind: 'copy-blocks' })).rejects.toThrow('it has no copies.json');
}, 60_000);

test('k-NN and classes', async () => {
  const knn = await measure(photoSet, { kind: 'knn', k: [1, 5, 500] });
  expect(knn.rows[0].queries).toBe(6);
  expect(Object.keys(knn.rows[0].accuracyAt)).toEqual(['1', '5', '500']);
  expect(knn.notes.join(' ')).toContain('For k of 500 all 18 training images vote');
  const classes = await measure(photoSet, { kind: 'classes' });
  expect(classes.rows[0]).toMatchObject({ queries: 24, leftOut: 0 });
  expect(classes.rows[0].map).toBeGreaterThan(0.3);
});

test('distractors take part as wrong answers, and only where they can', async () => {
  const folder = await temporaryFolder();
  // The very images once more: each is as near as its like can be.
  await cp(photos, join(folder, 'again'), { recursive: true });
  const again = await embed(join(folder, 'again'), 'again-set');
  const alone = await measure(photoSet, { kind: 'classes' });
  const among = await measure(photoSet, { kind: 'classes' }, { distractors: again });
  expect(among.notes.join(' ')).toContain('24 distractors answer too, and none of them is right');
  expect(among.rows[0]).toMatchObject({ queries: 24, leftOut: 0, recallAt: { 1: 0 } });
  expect(among.rows[0].map).toBeLessThan(alone.rows[0].map!);
  // An answer that was nth is 2nth or later now: each right answer stands behind its own wrong likeness.
  expect(among.rows[0].map).toBeLessThanOrEqual(alone.rows[0].map! / 2 + 1e-9);

  await expect(measure(photoSet, { kind: 'classes' }, { distractors: photoSet })).rejects.toThrow(
    /images of the set itself/,
  );
  const manifest = JSON.parse(await readFile(join(again, 'set.json'), 'utf8')) as object;
  await writeFile(join(again, 'set.json'), JSON.stringify({ ...manifest, space: 'another' }));
  await expect(measure(photoSet, { kind: 'classes' }, { distractors: again })).rejects.toThrow(
    /embedded by another encoder/,
  );
});

test('ground truth: queries are really cropped, missing files are listed', async () => {
  const file = join(await temporaryFolder(), 'gt.json');
  const query = { image: 'b/copy-of-00.jpg', box: null, easy: ['a/00', 'lost'], hard: [], junk: [] };
  const truth = { format: 'selvedge-ground-truth', version: 1, kind: 'table', source: 'x', images: null };
  await writeFile(file, JSON.stringify({ ...truth, queries: [query] }));
  const whole = await measure(photoSet, { kind: 'ground-truth', file });
  expect(whole.rows).toMatchObject([{ name: 'all', queries: 1, map: 1 }]);
  expect(whole.notes.join(' ')).toContain('1 files that the ground truth names are not in the set: lost.');
  // A small corner of it looks like something else.
  await writeFile(file, JSON.stringify({ ...truth, queries: [{ ...query, box: [60, 2, 78, 14] }] }));
  const cropped = await measure(photoSet, { kind: 'ground-truth', file });
  expect(cropped.notes).toContain('1 queries are cropped to their boxes.');
  expect(cropped.rows[0].map).toBeLessThan(1);
  const gone = { missing: 'The run was deleted.', hint: null };
  const uncropped = await measure(photoSet, { kind: 'ground-truth', file }, { encoder: gone });
  expect(uncropped.notes.join(' ')).toContain(
    'NOT cropped to their boxes, as the protocol wants it: The run was deleted.',
  );
  expect(uncropped.rows[0].map).toBe(1);

  // One that cannot be cropped leaves all of them whole, also those that were cropped before it.
  const data = join(await temporaryFolder(), 'photos');
  await cp(photos, data, { recursive: true });
  const damaged = await embed(data, 'damaged-queries');
  await writeFile(join(data, 'b/copy-of-01.png'), 'no image');
  const box = [60, 2, 78, 14];
  const second = { ...query, image: 'b/copy-of-01.png', box, easy: ['a/01'] };
  await writeFile(file, JSON.stringify({ ...truth, queries: [{ ...query, box }, second] }));
  const partly = await measure(damaged, { kind: 'ground-truth', file });
  expect(partly.notes.join(' ')).toMatch(/NOT cropped to their boxes.*copy-of-01\.png cannot be read/);
  expect(partly.rows).toMatchObject([{ name: 'all', queries: 2, map: 1 }]);
  await expect(measure(photoSet, { kind: 'ground-truth', file: join(root, 'none.csv') })).rejects.toThrow(
    UserError,
  );
});

test('facts of files, and why there are none', async () => {
  const folder = await temporaryFolder();
  const data = join(folder, 'data');
  await mkdir(data);
  for (const name of ['one.png', 'two.png']) await copyFile(join(photos, 'a/00.png'), join(data, name));
  await utimes(join(data, 'one.png'), new Date(1e12), new Date(1e12));
  await sharp(join(photos, 'a/00.png'))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toFile(join(data, 'turned.jpg'));
  const names = ['one.png', 'turned.jpg', 'two.png'];
  const ask = async (dataPath: string) =>
    copyFactsSchema.array().parse(
      await imageFacts(
        {
          kind: 'image-facts',
          dataPath,
          cacheDirectory: join(folder, 'cache'),
          images: names.map((name, row) => ({ row, name })),
        },
        recorded(),
      ),
    );
  await unlink(join(data, 'two.png'));
  const [one, turned, two] = await ask(data);
  expect(one).toMatchObject({ row: 0, width: 80, height: 64, changedAt: 1e12, problem: null });
  expect(one.bytes).toBeGreaterThan(100);
  expect(turned).toMatchObject({ width: 64, height: 80 });
  expect(two).toMatchObject({ width: null, bytes: null });
  expect(two.problem).toContain('not in');
  const facts = asking(searchRequests, (context) =>
    search({ kind: 'search', cacheDirectory: join(root, 'cache'), memory: 2 ** 30 }, context),
  );
  // Windows ask the search child, which lists no folder for it.
  const set = sourceOf(photoSet);
  const rows = readSet(photoSet).images.map(({ name }) => name);
  const copy = rows.indexOf('b/copy-of-00.jpg');
  expect(await facts('row-facts', { set, rows: [copy, 0] })).toMatchObject([
    { row: copy, name: 'b/copy-of-00.jpg', width: 80, height: 64, problem: null },
    { row: 0, name: rows[0], problem: null },
  ]);
  await expect(facts('row-facts', { set, rows: [99] })).rejects.toThrow('usage: The set has no row 99');

  const gone = await ask(join(folder, 'nowhere'));
  expect(gone.every(({ problem }) => problem !== null)).toBe(true);
});

test('an image is checked: a distorted copy from elsewhere, a row, and something new', async () => {
  const source = sourceOf(photoSet);
  const ask = asking(searchRequests, (context) =>
    search({ kind: 'search', cacheDirectory: join(root, 'cache'), memory: 2 ** 30 }, context),
  );
  const check = (image: ImageSource) => ask('check-copy', { set: source, image, k: 5 });
  const file = (id: string, bytes: Buffer): ImageSource => ({
    kind: 'file',
    id,
    name: id,
    bytes: new Uint8Array(bytes),
  });
  const small = await sharp(join(photos, 'a/07.png')).resize(40).jpeg({ quality: 40 }).toBuffer();
  const copied = await check(file('small', small));
  expect(copied.candidates).toHaveLength(5);
  expect(copied.candidates[0]).toMatchObject({ name: 'a/07.png', rank: 1, verdict: 'copy' });
  expect(copied.thresholds!.copy).toBeGreaterThan(copied.thresholds!.likely);
  expect(copied.calibration.join(' ')).toMatch(/one in 1000 would reach it/);

  const { images } = readSet(photoSet);
  const at = images.findIndex(({ name }) => name === 'b/copy-of-00.jpg');
  const planted = await check({ kind: 'row', set: source, row: at });
  expect(planted.candidates[0]).toMatchObject({ name: 'a/00.png', verdict: 'copy' });
  expect(planted.candidates.map(({ row }) => row)).not.toContain(at);

  const draw = random(999, 'copies', 77);
  const pixels = Uint8Array.from({ length: 5 * 4 * 3 }, () => draw.integer(256));
  const fresh = await sharp(pixels, { raw: { width: 5, height: 4, channels: 3 } })
    .resize(80, 64)
    .png()
    .toBuffer();
  const unknown = await check(file('fresh', fresh));
  expect(unknown.candidates.every(({ verdict }) => verdict !== 'copy')).toBe(true);
});
