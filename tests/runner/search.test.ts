import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeImage } from '../../src/data/decode-worker';
import { indexFile, publishIndex } from '../../src/explorer/search/index-file';
import { readManifest, readSet } from '../../src/explorer/set-files';
import { embedSet } from '../../src/runner/jobs/embed-set';
import { indexSet } from '../../src/runner/jobs/index-set';
import { search } from '../../src/runner/jobs/search';
import type { EncoderSource } from '../../src/shared/explorer/encoder-source';
import {
  searchRequests,
  type ImageSource,
  type SearchPayload,
  type SetSource,
} from '../../src/shared/explorer/requests';
import { setIndexSchema, setRecipeSchema } from '../../src/shared/explorer/sets';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';
import { writeRandomEncoder } from './random-encoder';
import { asking } from './service';

let root: string;
/** Of raw pixels: six red images, six blue ones. */
let set: SetSource;
/** The same images and encoder, packed. */
let archived: SetSource;
/** The same images, of another encoder. */
let coarse: SetSource;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'selvedge-search-'));
  const data = await writeImages(join(root, 'data'), 6);
  const archive = join(root, 'data.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', data, '.']);
  set = await embedded('set', data);
  archived = await embedded('archived', archive);
  coarse = await embedded('coarse', data, pixels(4));
}, 60_000);
afterAll(() => rm(root, { recursive: true }));

const pixels = (side: number): EncoderSource => ({ kind: 'pixels', side });

async function embedded(id: string, dataPath: string, encoder = pixels(8)): Promise<SetSource> {
  const folder = join(root, id);
  await embedSet(
    {
      kind: 'embed-set',
      set: id,
      folder,
      recipe: setRecipeSchema.parse({ encoder: { kind: 'pixels' }, dataset: 'data' }),
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
  return {
    id,
    name: `pixels on ${id}`,
    encoderName: encoder.kind === 'pixels' ? `Raw pixels, ${encoder.side} px` : encoder.kind,
    folder,
    encoder,
  };
}

const opened = () =>
  asking(searchRequests, (context) =>
    search({ kind: 'search', cacheDirectory: join(root, 'cache'), memory: 2 ** 30 }, context),
  );

const row = (of: SetSource, at: number): ImageSource => ({ kind: 'row', set: of, row: at });
const file = (bytes: Uint8Array, id = 'a'): ImageSource => ({
  kind: 'file',
  id,
  name: 'photo.png',
  bytes: new Uint8Array(bytes),
});
const query = (
  like: ImageSource[],
  rest: Partial<SearchPayload<'search'>> = {},
): SearchPayload<'search'> => ({
  sets: [set],
  like,
  unlike: [],
  ...rest,
});
const rowNamed = (of: SetSource, name: string): number =>
  readSet(of.folder).images.findIndex((image) => image.name === name);

describe('a query', () => {
  it('by a row finds the row itself first, flagged, and its class by vote', async () => {
    const at = rowNamed(set, 'red/003.png');
    const answer = await opened()('search', query([row(set, at)], { k: 5 }));
    expect(answer.results[0]).toMatchObject({
      set: 'set',
      row: at,
      rank: 0,
      isQuery: true,
      name: 'red/003.png',
    });
    expect(answer.results[0].score).toBeCloseTo(1, 6);
    expect(answer.results.slice(1).map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    expect(answer.vote).toMatchObject({ voters: 5, classes: [{ label: 'red', count: 5, share: 1 }] });
    expect(answer).toMatchObject({ method: 'exact', searched: 12, warnings: [] });
  });

  it('by a dropped file embeds what training would decode', async () => {
    const bytes = await readFile(join(root, 'data', 'blue', '002.png'));
    const answer = await opened()('search', query([file(bytes)]));
    expect(answer.results[0]).toMatchObject({ name: 'blue/002.png', isQuery: false });
    expect(answer.results[0].score).toBeCloseTo(1, 6);
    expect(answer.milliseconds.decode).toBeGreaterThan(0);
  });

  it('is answered the same by a set that was opened before', async () => {
    const bytes = await readFile(join(root, 'data', 'blue', '002.png'));
    const asked = query([file(bytes)]);
    const ask = opened();
    expect(await ask('warm', { set })).toBeNull();
    expect((await ask('search', asked)).results).toEqual((await opened()('search', asked)).results);
    const gone = { ...set, folder: join(root, 'nothing') };
    await expect(ask('warm', { set: gone })).rejects.toThrow('nothing');
  });

  it('embeds a dropped file once, also for other filters', async () => {
    const ask = opened();
    const bytes = await readFile(join(root, 'data', 'blue', '002.png'));
    await ask('search', query([file(bytes)]));
    const again = await ask('search', query([file(bytes)], { filters: { classes: ['red'] } }));
    expect(again.milliseconds).toMatchObject({ decode: 0, embed: 0 });
    expect(again.results.every(({ label }) => label === 'red')).toBe(true);
    expect(again.searched).toBe(6);
  });

  it('by an image of a data set tells which row that is, and refuses one that is gone', async () => {
    const ask = opened();
    for (const of of [set, archived]) {
      const path = join(root, of === set ? 'data' : 'data.tar.gz');
      const asked = (name: string) => query([{ kind: 'dataset', path, name }], { sets: [of], k: 2 });
      const { results } = await ask('search', asked('red/004.png'));
      expect(results.map(({ isQuery }) => isQuery)).toEqual([true, false, false]);
      expect(results[0].name).toBe('red/004.png');
      await expect(ask('search', asked('red/gone.png'))).rejects.toThrow('There is no red/gone.png in');
      expect(await ask('forget-data', { path })).toBeNull();
    }
  });

  it('searches sets of one space together, also in archives', async () => {
    const at = rowNamed(set, 'red/000.png');
    const answer = await opened()('search', query([row(set, at)], { sets: [set, archived], k: 24 }));
    expect(answer.results.slice(0, 2)).toMatchObject([
      { set: 'set', name: 'red/000.png', isQuery: true },
      { set: 'archived', name: 'red/000.png', isQuery: false },
    ]);
    expect(answer.searched).toBe(24);
  });

  it('embeds a row of another encoder anew', async () => {
    const at = rowNamed(coarse, 'blue/001.png');
    const answer = await opened()('search', query([row(coarse, at)], { k: 1 }));
    expect(answer.results[0]).toMatchObject({ set: 'set', name: 'blue/001.png', isQuery: true });
  });

  it('refuses sets of different encoders, naming both', async () => {
    await expect(opened()('search', query([row(set, 0)], { sets: [set, coarse] }))).rejects.toThrow(
      /"Raw pixels, 8 px".*"Raw pixels, 4 px"/,
    );
  });

  it('turns away from what it is to be unlike', async () => {
    const ask = opened();
    const red = row(set, rowNamed(set, 'red/000.png'));
    const blue = row(set, rowNamed(set, 'blue/000.png'));
    const both = await ask('search', query([red, blue], { unlike: [blue], k: 6 }));
    expect(both.vote?.classes[0].label).toBe('red');
    await expect(ask('search', query([red], { unlike: [red, red], k: 6 }))).resolves.toMatchObject({
      searched: 12,
    });
  });

  it('says where the filters leave little', async () => {
    const ask = opened();
    const none = await ask('search', query([row(set, 0)], { filters: { classes: ['cow'] } }));
    expect(none).toMatchObject({ results: [], vote: null, searched: 0 });
    expect(none.warnings).toEqual(['No image passes the filters.', 'There is no class "cow" here.']);
    const few = await ask('search', query([row(set, 0)], { filters: { folders: ['red/'] } }));
    expect(few.warnings).toEqual(['Only 6 of 12 images pass the filters.']);
  });

  it('goes on by rows where the encoder is gone, and says why not by images', async () => {
    const ask = opened();
    const orphan = { ...set, encoder: { missing: 'There is no run "x".', hint: 'Train it again.' } };
    await expect(ask('search', query([row(orphan, 0)], { sets: [orphan] }))).resolves.toMatchObject({
      searched: 12,
    });
    await expect(ask('search', query([file(new Uint8Array(3))], { sets: [orphan] }))).rejects.toThrow(
      'There is no run "x". (Train it again.)',
    );
  });

  it('refuses rows that are not there', async () => {
    await expect(opened()('search', query([row(set, 12)]))).rejects.toThrow('There is no row 12');
  });

  it('means the image that a row was of, wherever that is by now', async () => {
    const ask = opened();
    const at = rowNamed(set, 'red/003.png');
    const moved: ImageSource = { kind: 'row', set, row: at + 1, name: 'red/003.png' };
    const answer = await ask('search', query([moved], { k: 1 }));
    expect(answer.results[0]).toMatchObject({ name: 'red/003.png', row: at, rank: 0, isQuery: true });
    const pictures = [moved, row(set, at)].map((image) => ask('thumbnail', { image, size: 64 }));
    const [one, other] = await Promise.all(pictures);
    expect(one).toEqual(other);
    const gone: ImageSource = { kind: 'row', set, row: at, name: 'red/gone.png' };
    await expect(ask('search', query([gone]))).rejects.toThrow('red/gone.png is not in "pixels on set"');
    await expect(ask('thumbnail', { image: gone, size: 64 })).rejects.toThrow('any more');
  });

  it('reads a set again that changed', async () => {
    const folder = join(await temporaryFolder(), 'set');
    await cp(set.folder, folder, { recursive: true });
    const copy = { ...set, folder };
    const ask = opened();
    expect((await ask('search', query([row(copy, 0)], { sets: [copy] }))).searched).toBe(12);
    const images = join(folder, 'images.jsonl');
    const vectors = join(folder, 'vectors.f32');
    const [line] = (await readFile(images, 'utf8')).split('\n');
    await appendFile(vectors, (await readFile(vectors)).subarray(0, 8 * 8 * 3 * 4));
    await appendFile(images, `${line}\n`);
    await utimes(images, 1, 1);
    const answer = await ask('search', query([row(copy, 12)], { sets: [copy], k: 2 }));
    expect(answer.results.slice(0, 2).map(({ row: at }) => at)).toEqual([0, 12]);
  });
});

describe('an approximate search', () => {
  it('says that there is no index, then uses it, and not where filters are', async () => {
    const ask = opened();
    const folder = join(await temporaryFolder(), 'set');
    await cp(set.folder, folder, { recursive: true });
    const copy = { ...set, folder };
    const asked = query([row(copy, 0)], { sets: [copy], method: 'approximate', k: 3 });
    const before = await ask('search', asked);
    expect(before).toMatchObject({ method: 'exact', unindexed: ['set'] });
    expect(before.warnings).toEqual([expect.stringContaining('has no index yet')]);

    const context = recorded();
    const facts = setIndexSchema.parse(await indexSet({ kind: 'index-set', folder, threads: 1 }, context));
    expect(facts).toMatchObject({ recallAt10: 1, queries: 12 });
    expect(context.of('progress').map(({ phase }) => phase)).toContain('indexing');

    const after = await ask('search', asked);
    expect(after).toMatchObject({ method: 'approximate', unindexed: [], warnings: [] });
    expect(after.results).toEqual(before.results);
    const filtered = await ask('search', { ...asked, filters: { classes: ['red'] } });
    expect(filtered).toMatchObject({ method: 'exact', searched: 6 });
    // Small sets are searched exactly where nothing is asked for.
    expect(await ask('search', { ...asked, method: 'auto' })).toMatchObject({
      method: 'exact',
      unindexed: [],
    });

    await truncate(join(folder, 'index.usearch'), 100);
    const damaged = await ask('search', asked);
    expect(damaged).toMatchObject({ method: 'exact', unindexed: ['set'] });
    expect(damaged.warnings).toEqual([expect.stringContaining('is damaged')]);
  });

  /** A set with an index of its own, and a query of it. */
  async function indexed() {
    const folder = join(await temporaryFolder(), 'set');
    await cp(set.folder, folder, { recursive: true });
    await indexSet({ kind: 'index-set', folder, threads: 1 }, recorded());
    const copy = { ...set, folder };
    return { folder, asked: query([row(copy, 0)], { sets: [copy], method: 'approximate', k: 3 }) };
  }

  it('is exact where the index was written by another version of usearch, and says so', async () => {
    const { folder, asked } = await indexed();
    const file = indexFile(folder);
    const bytes = await readFile(file);
    const version = bytes.indexOf('usearch') + 'usearch'.length;
    await writeFile(`${file}.tmp`, bytes.fill(99, version, version + 1));
    const facts = { count: 12, recallAt10: 1, queries: 12, buildSeconds: 1, bytes: bytes.length };
    publishIndex(folder, readManifest(folder), `${file}.tmp`, facts);
    const answer = await opened()('search', asked);
    expect(answer).toMatchObject({ method: 'exact', unindexed: ['set'] });
    expect(answer.warnings).toEqual([expect.stringContaining('cannot be opened')]);
  });

  it('gives up an index that turns out to be damaged while it is used', async () => {
    const { folder, asked } = await indexed();
    const file = join(folder, 'index.json');
    const facts = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...facts, whole: '00000000' }));
    const ask = opened();
    expect(await ask('search', asked)).toMatchObject({ method: 'approximate', warnings: [] });
    await vi.waitFor(async () => {
      const answer = await ask('search', asked);
      expect(answer).toMatchObject({ method: 'exact', unindexed: ['set'] });
      expect(answer.warnings).toEqual([expect.stringContaining('is damaged')]);
    });
    expect(existsSync(join(folder, 'index.walk'))).toBe(false);
  });
});

describe('where an encoder looks', () => {
  it('cannot be told of raw pixels', async () => {
    await expect(opened()('attention', { set, image: row(set, 0), other: null })).rejects.toThrow(
      'Where "Raw pixels, 8 px" looks cannot be shown',
    );
  });

  it.each([
    ['a ResNet', { kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 'similarity', 1, 1],
    ['a ViT', { kind: 'vit', size: 'tiny', patch: 4, depth: 1 }, 'attention', 2, 4],
  ] as const)('in an image is told of %s', async (_, backbone, kind, side, maps) => {
    const config = tinyConfig(join(root, 'data'), { backbone });
    const encoder = await writeRandomEncoder(join(root, `${backbone.kind}.safetensors`), config);
    const looked = await embedded(backbone.kind, join(root, 'data'), encoder);
    const wide = await sharp({ create: { width: 64, height: 16, channels: 3, background: '#804020' } })
      .png()
      .toBuffer();
    const ask = opened();
    const answer = await ask('attention', { set: looked, image: file(wide), other: null });
    expect(answer).toMatchObject({ kind, grid: { rows: side, columns: side } });
    expect(answer.crop).toEqual({ left: 0.375, top: 0, width: 0.25, height: 1 });
    expect(answer.maps).toHaveLength(maps);
    // The weights are in the step: no image after the first one reads them.
    await rm(join(root, `${backbone.kind}.safetensors`));
    const another = await ask('attention', { set: looked, image: row(looked, 0), other: null });
    expect(another.maps).toHaveLength(maps);
    for (const { values } of answer.maps) {
      expect(values).toHaveLength(side * side);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    }
  });
});

describe('a picture of a row', () => {
  it('comes from the folder and from the archive', async () => {
    const ask = opened();
    for (const source of [set, archived]) {
      const { jpeg } = await ask('thumbnail', { image: row(source, 0), size: 64 });
      expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 8 });
    }
  });

  it('is hardly compressed where it is looked at closely', async () => {
    const noise = Uint8Array.from({ length: 1500 * 40 * 3 }, (_, i) => (i * i * 31) % 256);
    const pixels = sharp(noise, { raw: { width: 1500, height: 40, channels: 3 } });
    const image = file(await pixels.png().toBuffer());
    const ask = opened();
    const small = await sharp((await ask('thumbnail', { image, size: 1024 })).jpeg).metadata();
    expect(small).toMatchObject({ width: 1024, chromaSubsampling: '4:2:0' });
    const { jpeg } = await ask('thumbnail', { image, size: 4096 });
    expect(await sharp(jpeg).metadata()).toMatchObject({ width: 1500, chromaSubsampling: '4:4:4' });
  });

  it('says that the file is gone', async () => {
    const data = await writeImages(join(await temporaryFolder(), 'data'), 2);
    const gone = await embedded('gone', data);
    await rm(join(data, 'red', '001.png'));
    const at = rowNamed(gone, 'red/001.png');
    await expect(opened()('thumbnail', { image: row(gone, at), size: 64 })).rejects.toThrow(
      'There is no red/001.png',
    );
  });

  it('never leaves the folder', async () => {
    const folder = join(await temporaryFolder(), 'set');
    await cp(set.folder, folder, { recursive: true });
    const images = join(folder, 'images.jsonl');
    const text = await readFile(images, 'utf8');
    await writeFile(
      images,
      text.replace('red/000.png', '../../secret.png').replace('blue/000.png', '../secret.png'),
    );
    const copy = { ...set, folder };
    const at = rowNamed(copy, '../secret.png');
    await expect(opened()('thumbnail', { image: row(copy, at), size: 64 })).rejects.toThrow('outside');
  });
});

describe('a dropped file', () => {
  const gradient = Buffer.from(Array.from({ length: 40 * 20 * 3 }, (_, i) => (i * 7) % 251));
  const image = () => sharp(gradient, { raw: { width: 40, height: 20, channels: 3 } });
  const inspect = (bytes: Uint8Array) => opened()('inspect', { name: 'photo', bytes: new Uint8Array(bytes) });

  it('is told what it is', async () => {
    const bytes = await image().png().toBuffer();
    expect(await inspect(bytes)).toEqual({
      name: 'photo',
      width: 40,
      height: 20,
      format: 'PNG',
      bytes: bytes.length,
      notes: [],
    });
  });

  it.each([
    ['turned', () => image().withMetadata({ orientation: 6 }).jpeg().toBuffer(), 'Turned upright', [20, 40]],
    ['CMYK', () => image().toColourspace('cmyk').jpeg().toBuffer(), 'CMYK, converted', [40, 20]],
    ['of 16 bits', () => image().toColourspace('rgb16').png().toBuffer(), '16 bits a channel', [40, 20]],
    ['transparent', () => image().ensureAlpha(0.5).png().toBuffer(), 'Transparent parts', [40, 20]],
    [
      'animated',
      () =>
        sharp(Buffer.concat([gradient, gradient.toReversed()]), {
          raw: { width: 40, height: 40, channels: 3, pageHeight: 20 },
        })
          .gif()
          .toBuffer(),
      'First of 2 frames',
      [40, 20],
    ],
  ] as const)('that is %s says so', async (_, make, note, [width, height]) => {
    expect(await inspect(await make())).toMatchObject({
      width,
      height,
      notes: expect.arrayContaining([expect.stringContaining(note)]),
    });
  });

  it.each([
    ['empty', Buffer.alloc(0), 'empty'],
    ['a web page', Buffer.from('<!DOCTYPE html><html>'), 'a piece of a web page'],
    ['a link', Buffer.from('https://example.org/cat.jpg\n'), 'a link to https://example.org/cat.jpg'],
    ['text', Buffer.from('hello there'), 'not an image: it begins with'],
    ['BMP', Buffer.from('BM and so on and on'), 'BMP cannot be read'],
  ])('is refused where it is %s', async (_, bytes, reason) => {
    await expect(inspect(bytes)).rejects.toThrow(reason);
  });

  it('is refused where it is cut off', async () => {
    const bytes = await image().resize(400, 200).jpeg().toBuffer();
    await expect(inspect(bytes.subarray(0, bytes.length / 2))).rejects.toThrow('damaged or incomplete JPEG');
  });

  it('is refused where it is enormous, before it is unpacked', async () => {
    const bytes = await image().png().toBuffer();
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    // The header, from its type on, has a check sum: a wrong one would be a damaged file.
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await expect(inspect(bytes)).rejects.toThrow('60000 x 60000 pixels: over the limit');
  });

  it('is never a drawing that loads other files', async () => {
    const secret = join(await temporaryFolder(), 'secret.png');
    await writeFile(secret, await image().png().toBuffer());
    const svg = `<?xml version="1.0"?>\n<!-- x --><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">
      <image href="file://${secret}" width="9" height="9"/></svg>`;
    const ask = opened();
    const bytes = new Uint8Array(Buffer.from(svg));
    await expect(ask('inspect', { name: 'x.svg', bytes })).rejects.toThrow('SVG');
    await expect(ask('thumbnail', { image: file(bytes), size: 64 })).rejects.toThrow('not an image');
    await expect(ask('search', query([file(bytes)]))).rejects.toThrow('not an image');
    await expect(decodeImage(Buffer.from(svg), 8)).rejects.toThrow('not an image');
  });
});
