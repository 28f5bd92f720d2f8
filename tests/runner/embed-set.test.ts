import {
  appendFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { strFromU8, unzipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest, readSet } from '../../src/explorer/set-files';
import { decodeImage } from '../../src/data/decode-worker';
import { openRawEncoder } from '../../src/runner/encoders/raw-encoder';
import { openSetEncoder } from '../../src/runner/encoders/set-encoder';
import { embedSet } from '../../src/runner/jobs/embed-set';
import { exportEncoder } from '../../src/runner/jobs/export';
import { exportSet } from '../../src/runner/jobs/export-set';
import { train } from '../../src/runner/jobs/train';
import { inspectEncoder } from '../../src/runner/jobs/inspect-encoder';
import { readTensorFile, writeTensorFile } from '../../src/runner/tensor-file';
import { embedSetAnswerSchema, type EncoderSource } from '../../src/shared/explorer/encoder-source';
import { NORMALIZATIONS, type Normalization } from '../../src/shared/explorer/normalization';
import { setRecipeSchema, type SetRecipeInput } from '../../src/shared/explorer/sets';
import { messageOf } from '../../src/shared/errors';
import type { JobOf } from '../../src/shared/protocol';
import { writeRandomEncoder } from './random-encoder';
import { recorded, temporaryFolder, tinyConfig, writeImages, type Recorded } from './fixtures';

let folder: string;
let images: string;
let checkpoint: EncoderSource & { kind: 'checkpoint' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'selvedge-sets-'));
  images = await writeImages(join(folder, 'images'), 6);
  const config = tinyConfig(images, { epochs: 1 });
  const context = recorded();
  const cacheDirectory = join(folder, 'cache');
  await train(
    { kind: 'train', runId: 'run', runDirectory: folder, cacheDirectory, config, continueFrom: null },
    context,
  );
  checkpoint = { kind: 'checkpoint', path: context.of('checkpoint').at(-1)!.checkpoint.path, config };
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const pixels: EncoderSource = { kind: 'pixels', side: 4 };

function jobOf(
  to: string,
  data: string,
  encoder: EncoderSource = pixels,
  recipe: Partial<SetRecipeInput> = {},
): JobOf<'embed-set'> {
  return {
    kind: 'embed-set',
    set: 'set',
    folder: to,
    recipe: setRecipeSchema.parse({ encoder: { kind: 'pixels', side: 4 }, dataset: 'data', ...recipe }),
    encoder,
    dataPath: data,
    cacheDirectory: join(to, '..', 'cache'),
    split: { heldOut: 0.25, seed: 0 },
    whitening: null,
    device: 'cpu',
    threads: 1,
  };
}

const embed = async (job: JobOf<'embed-set'>, context: Recorded = recorded()) =>
  embedSetAnswerSchema.parse(await embedSet(job, context));

/** A folder of images of its own, and one for a set. */
async function places(perClass = 6): Promise<{ data: string; set: string }> {
  const root = await temporaryFolder();
  return { data: await writeImages(join(root, 'data'), perClass), set: join(root, 'set') };
}

const byName = (to: string) => {
  const { images: rows, vectors, manifest } = readSet(to);
  return new Map(
    rows.map(({ name }, row) => [
      name,
      [...vectors.subarray(row * manifest.size, (row + 1) * manifest.size)],
    ]),
  );
};

describe('a set', () => {
  it('has a vector of unit length for every image, and says what each is of', async () => {
    const to = join(await temporaryFolder(), 'set');
    const context = recorded();
    const answer = await embed(jobOf(to, images, checkpoint), context);
    expect(answer).toMatchObject({ count: 12, added: 12, changed: 0, removed: 0, size: 64, stopped: false });
    expect(answer.classes).toEqual(['blue', 'red']);
    expect(answer.rate).toBeGreaterThan(0);
    const { images: rows, vectors, manifest } = readSet(to);
    expect(manifest).toMatchObject({ space: answer.space, size: 64, imageSize: 8 });
    expect(rows.filter(({ split }) => split === 'evaluation')).toHaveLength(3);
    expect(rows.find(({ name }) => name === 'red/003.png')).toMatchObject({ label: 'red' });
    for (let row = 0; row < 12; row++)
      expect(Math.hypot(...vectors.subarray(row * 64, (row + 1) * 64))).toBeCloseTo(1, 5);
    expect(context.of('progress').at(-1)).toMatchObject({ phase: 'embedding', done: 12, total: 12 });
  });

  it('is the same from files and from the cache of decoded images, and in both precisions', async () => {
    const root = await temporaryFolder();
    const job = jobOf(join(root, 'a'), images, checkpoint);
    await embed(job);
    const cached = { ...job, folder: join(root, 'b'), cacheDirectory: join(folder, 'cache') };
    await embed(cached);
    expect(byName(cached.folder)).toEqual(byName(job.folder));
    const half = {
      ...job,
      folder: join(root, 'c'),
      recipe: { ...job.recipe, precision: 'float16' as const },
    };
    await embed(half);
    expect((await readFile(join(half.folder, 'vectors.f16'))).length).toBe(12 * 64 * 2);
    const whole = byName(job.folder);
    for (const [name, vector] of byName(half.folder))
      vector.forEach((value, i) => expect(value).toBeCloseTo(whole.get(name)![i], 3));
  });

  it('is given again by its encoder, image by image', async () => {
    const to = join(await temporaryFolder(), 'set');
    await embed(jobOf(to, images, checkpoint));
    const encoder = await openSetEncoder(to, checkpoint, { device: 'cpu', threads: 1, batchSize: 1 });
    const { pixels: image } = await decodeImage(await readFile(join(images, 'red', '002.png')), 8);
    const vector = await encoder.embed(image, 1);
    await encoder.dispose();
    const stored = byName(to).get('red/002.png')!;
    vector.forEach((value, i) => expect(value).toBeCloseTo(stored[i], 5));
  });
});

describe('bringing a set up to date', () => {
  it('embeds only what is new or changed, and takes out what is gone', async () => {
    const { data, set } = await places();
    await embed(jobOf(set, data));
    const before = byName(set);
    await writeFile(join(set, 'map-umap.json'), '{}');
    expect(await embed(jobOf(set, data))).toMatchObject({ added: 0, changed: 0, removed: 0, rate: null });
    expect(await readdir(set)).toContain('map-umap.json');

    await cp(join(data, 'red', '000.png'), join(data, 'red', 'new.png'));
    await cp(join(data, 'red', '001.png'), join(data, 'blue', '001.png'));
    await unlink(join(data, 'blue', '002.png'));
    const context = recorded();
    expect(await embed(jobOf(set, data), context)).toMatchObject({
      count: 12,
      added: 1,
      changed: 1,
      removed: 1,
    });
    const after = byName(set);
    expect(after.get('red/new.png')).toEqual(before.get('red/000.png'));
    expect(after.get('blue/001.png')).toEqual(before.get('red/001.png'));
    expect(after.has('blue/002.png')).toBe(false);
    expect(after.get('blue/005.png')).toEqual(before.get('blue/005.png'));
    expect(context.of('progress').find(({ phase }) => phase === 'embedding')).toMatchObject({
      done: 10,
      total: 12,
    });
    // What was computed from the old rows is gone.
    expect((await readdir(set)).sort()).toEqual(['images.jsonl', 'set.json', 'vectors.f32']);
  });

  it('goes on where it was stopped', async () => {
    const { data, set } = await places(200);
    const stopping = recorded((message, self) => {
      if (message.type === 'progress' && message.phase === 'embedding' && message.done > 0) self.stop();
    });
    const answer = await embed(jobOf(set, data), stopping);
    expect(answer).toMatchObject({ stopped: true, count: 256 });
    expect(readSet(set).images).toHaveLength(256);
    expect(await embed(jobOf(set, data))).toMatchObject({ stopped: false, added: 144, count: 400 });
    expect(new Set(readSet(set).images.map(({ name }) => name)).size).toBe(400);
  });

  it.each([
    ['the last line', (set: string) => appendFile(join(set, 'images.jsonl'), '{"name": "red/'), 12],
    ['the last vector', (set: string) => truncate(join(set, 'vectors.f32'), 4 * 48 * 7 + 5), 7],
    ['the list of images', (set: string) => unlink(join(set, 'images.jsonl')), 0],
  ])('mends a set that lost %s', async (_what, damage, kept) => {
    const { data, set } = await places();
    await embed(jobOf(set, data));
    const whole = byName(set);
    await damage(set);
    expect(readSet(set).images).toHaveLength(kept);
    expect(await embed(jobOf(set, data))).toMatchObject({ count: 12, added: 12 - kept });
    expect(byName(set)).toEqual(whole);
  });

  it('finishes a rewriting that was cut off before its last rename', async () => {
    const { data, set } = await places();
    await embed(jobOf(set, data));
    const whole = byName(set);
    await cp(join(set, 'images.jsonl'), join(set, 'images.jsonl.next'));
    await unlink(join(set, 'images.jsonl'));
    await writeFile(join(set, 'vectors.f32.next'), await readFile(join(set, 'vectors.f32')));
    expect(await embed(jobOf(set, data))).toMatchObject({ added: 0, count: 12 });
    expect(byName(set)).toEqual(whole);
    expect((await readdir(set)).filter((name) => name.endsWith('.next'))).toEqual([]);
  });

  it('embeds an image whose time alone has changed again: it cannot know', async () => {
    const { data, set } = await places();
    await embed(jobOf(set, data));
    await utimes(join(data, 'red', '000.png'), 1000, 1000);
    expect(await embed(jobOf(set, data))).toMatchObject({ changed: 1, added: 0 });
  });

  it('lists what cannot be read, and draws the held-out part over the rest', async () => {
    const { data, set } = await places();
    await writeFile(join(data, 'red', '000.png'), 'no image');
    const answer = await embed(jobOf(set, data));
    expect(answer).toMatchObject({ count: 11, skipped: [{ path: 'red/000.png' }] });
    expect(answer.skipped[0].reason).toMatch(/not an image/);
    expect(readSet(set).images.filter(({ split }) => split === 'evaluation')).toHaveLength(3);
  });
});

describe('an image whose vector has no direction', () => {
  /** Black is all zeros to it, layer after layer. */
  async function blindToBlack(path: string, data: string) {
    const config = tinyConfig(data);
    const unit = { ...config, data: { ...config.data, ...NORMALIZATIONS.unit } };
    return writeRandomEncoder(path, unit);
  }
  const black = () =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer();

  it('is listed with the reason, and the others are embedded as they were', async () => {
    const { data, set } = await places();
    const encoder = await blindToBlack(join(set, '..', 'encoder.safetensors'), data);
    await embed(jobOf(set, data, encoder));
    const before = byName(set);
    await writeFile(join(set, 'map-umap.json'), '{}');
    await writeFile(join(data, 'red', 'black.png'), await black());
    const listed = [{ path: 'red/black.png', reason: expect.stringContaining('all zeros') as string }];
    // At each update anew; what was computed from the rows stays, since they do.
    for (let times = 0; times < 2; times++) {
      const context = recorded();
      const answer = await embed(jobOf(set, data, encoder), context);
      expect(answer).toMatchObject({ count: 12, added: 0, skipped: listed });
      expect(context.of('progress').map(({ phase }) => phase)).not.toContain('embedding');
    }
    expect(byName(set)).toEqual(before);
    expect(await readdir(set)).toContain('map-umap.json');
    const anew = join(set, '..', 'anew');
    expect(await embed(jobOf(anew, data, encoder))).toMatchObject({ count: 12, skipped: listed });
    expect(byName(anew)).toEqual(before);
  });

  it('keeps none when it is whitened', async () => {
    const { data, set } = await places(30);
    const encoder = await blindToBlack(join(set, '..', 'encoder.safetensors'), data);
    await embed(jobOf(set, data, encoder));
    await writeFile(join(data, 'red', 'black.png'), await black());
    const job = jobOf(join(set, '..', 'whitened'), data, encoder, {
      whitening: { fittedOn: 'set', size: 4 },
    });
    const answer = await embed({ ...job, whitening: { how: 'fit', folder: set, size: 4 } });
    expect(answer).toMatchObject({ count: 60, skipped: [{ path: 'red/black.png' }] });
  });

  it.each([
    ['of few images', 3, 6],
    ['before all of many are looked at', 150, 64],
  ])('ends the work where most are so: %s', async (_what, perClass, looked) => {
    const { data, set } = await places(perClass);
    const blank = await black();
    for (const name of await readdir(data, { recursive: true }))
      if (name.endsWith('.png')) await writeFile(join(data, name), blank);
    const encoder = await blindToBlack(join(set, '..', 'encoder.safetensors'), data);
    const failure = await embed(jobOf(set, data, encoder)).then(
      () => 'none',
      (error: unknown) => messageOf(error),
    );
    expect(failure).toMatch(/The encoder makes no use of \d+ of \d+ images\. The first is blue\/000\.png: /);
    const count = Number(/use of (\d+)/.exec(failure)?.[1]);
    expect(count).toBeGreaterThanOrEqual(looked);
    expect(count).toBeLessThan(looked + 256);
  });
});

describe('refusals', () => {
  it('weights that are not those of the set', async () => {
    const { data, set } = await places();
    await embed(jobOf(set, data));
    const other = { ...jobOf(set, data), encoder: { kind: 'pixels', side: 8 } as const };
    await expect(embed(other)).rejects.toThrow(/not the one that made this set/);
    await expect(openSetEncoder(set, other.encoder, { device: 'cpu', threads: 1 })).rejects.toThrow(
      /not the one that made this set/,
    );
  });

  it('a damaged set, naming the line', async () => {
    const { data, set } = await places();
    await embed(jobOf(set, data));
    await writeFile(join(set, 'images.jsonl'), '{}\n');
    await expect(embed(jobOf(set, data))).rejects.toThrow(/Line 1 of .*images\.jsonl is damaged/);
    await writeFile(join(set, 'set.json'), '{"version": 1}');
    await expect(embed(jobOf(set, data))).rejects.toThrow(/set\.json cannot be read/);
  });

  it('a folder that is gone', async () => {
    const { set } = await places();
    await expect(embed(jobOf(set, join(set, 'nowhere')))).rejects.toThrow(/no folder or file/);
  });
});

describe('features and whitening', () => {
  it('takes any layer by its name, each a space of its own', async () => {
    const root = await temporaryFolder();
    const spaces = new Set<string>();
    for (const [feature, size] of [
      ['embedding', 64],
      ['layer1', 8],
      ['layer3', 32],
    ] as const) {
      const job = jobOf(join(root, feature), images, checkpoint, { feature });
      const answer = await embed(job);
      expect(answer.size).toBe(size);
      spaces.add(answer.space);
    }
    expect(spaces.size).toBe(3);
    await expect(embed(jobOf(join(root, 'x'), images, checkpoint, { feature: 'cls+gem' }))).rejects.toThrow(
      /only vision transformers have a class token/,
    );
    await expect(embed(jobOf(join(root, 'x'), images, checkpoint, { feature: 'layer9' }))).rejects.toThrow(
      /no layer "layer9"/,
    );
  });

  it('fits a whitening on another set; a third one that copies it is of the same space', async () => {
    const { data, set } = await places(30);
    await embed(jobOf(set, data));
    const whitened = (name: string, how: 'fit' | 'copy', from: string) => ({
      ...jobOf(join(set, '..', name), data, pixels, { whitening: { fittedOn: 'set', size: 8 } }),
      whitening: { how, folder: from, size: 8 },
    });
    const a = await embed(whitened('a', 'fit', set));
    const b = await embed(whitened('b', 'copy', join(set, '..', 'a')));
    expect(a.size).toBe(8);
    expect(b.space).toBe(a.space);
    expect(a.space).not.toBe(readManifest(set).space);
    expect(byName(join(set, '..', 'a'))).toEqual(byName(join(set, '..', 'b')));
    // Another encoder of the same recipe, as a file that was replaced at its path.
    const changed = {
      ...whitened('d', 'copy', join(set, '..', 'a')),
      encoder: { kind: 'pixels', side: 8 } as const,
    };
    await expect(embed(changed)).rejects.toThrow(/cannot be taken over: the encoder has changed/);
    const tooMany = whitened('c', 'fit', set);
    tooMany.whitening.size = 60;
    await expect(embed(tooMany)).rejects.toThrow(/spread over \d+ axes; whitening cannot keep 60/);
  });
});

describe('imported encoders', () => {
  it.each(['onnx', 'safetensors'] as const)('an export as %s gives what the run gives', async (format) => {
    const root = await temporaryFolder();
    const out = join(root, `encoder.${format}`);
    const { path, config } = checkpoint;
    await exportEncoder({ kind: 'export', checkpoint: path, config, out, format }, recorded());
    const run = await embed(jobOf(join(root, 'run'), images, checkpoint));
    const source: EncoderSource =
      format === 'onnx'
        ? { kind: 'onnx', path: out, normalization: NORMALIZATIONS.unit }
        : { kind: 'safetensors', path: out };
    const imported = await embed(jobOf(join(root, 'imported'), images, source));
    // The same weights are the same space, whatever file they come from; ONNX hides its weights.
    expect(imported.space === run.space).toBe(format === 'safetensors');
    const expected = byName(join(root, 'run'));
    for (const [name, vector] of byName(join(root, 'imported')))
      vector.forEach((value, i) => expect(value).toBeCloseTo(expected.get(name)![i], 4));
  });
});

describe('a normalization that is chosen', () => {
  /** The weights of the checkpoint, trained as if by this normalization. */
  const trainedBy = (normalization: Normalization): typeof checkpoint => ({
    ...checkpoint,
    config: { ...checkpoint.config, data: { ...checkpoint.config.data, ...normalization } },
  });

  it('makes of an ONNX model what the same weights trained by it are', async () => {
    const root = await temporaryFolder();
    const out = join(root, 'encoder.onnx');
    // Exported with [0, 1] inside, which leaves the pixels to whoever runs it.
    const { path, config } = trainedBy(NORMALIZATIONS.unit);
    await exportEncoder({ kind: 'export', checkpoint: path, config, out, format: 'onnx' }, recorded());
    const spaces = new Set<string>();
    for (const name of ['unit', 'clip', 'symmetric'] as const) {
      const normalization = NORMALIZATIONS[name];
      const run = join(root, `${name}-run`);
      const imported = join(root, name);
      await embed(jobOf(run, images, trainedBy(normalization)));
      const { space } = await embed(jobOf(imported, images, { kind: 'onnx', path: out, normalization }));
      spaces.add(space);
      const expected = byName(run);
      for (const [file, vector] of byName(imported))
        vector.forEach((value, i) => expect(value).toBeCloseTo(expected.get(file)![i], 4));
    }
    expect(spaces.size).toBe(3);
    const [unit, clip] = ['unit', 'clip'].map((name) => byName(join(root, name)).get('red/003.png')!);
    expect(Math.max(...unit.map((value, i) => Math.abs(value - clip[i])))).toBeGreaterThan(1e-3);
  });

  it('makes of weights that say nothing the very space of those trained by it', async () => {
    const root = await temporaryFolder();
    const out = join(root, 'encoder.safetensors');
    const { path, config } = checkpoint;
    await exportEncoder({ kind: 'export', checkpoint: path, config, out, format: 'safetensors' }, recorded());
    expect(await inspectEncoder({ kind: 'inspect-encoder', path: out }, recorded())).toMatchObject({
      normalization: 'its own',
      training: {
        backbone: config.backbone,
        normalization: { mean: config.data.mean, std: config.data.std },
      },
    });
    const foreign = join(root, 'foreign.safetensors');
    await writeTensorFile(foreign, (await readTensorFile(out)).tensors);
    expect(await inspectEncoder({ kind: 'inspect-encoder', path: foreign }, recorded())).toMatchObject({
      normalization: 'imagenet',
      training: { backbone: config.backbone, normalization: NORMALIZATIONS.imagenet },
    });
    const spaceOf = async (source: EncoderSource) => {
      const encoder = await openRawEncoder(source, 'embedding', { device: 'cpu', threads: 1, batchSize: 1 });
      await encoder.dispose();
      return [encoder.imageSize, encoder.fingerprint];
    };
    const chosen = (normalization?: Normalization): EncoderSource => ({
      kind: 'safetensors',
      path: foreign,
      ...(normalization && { normalization }),
    });
    const assumed = await spaceOf(chosen());
    // Without its metadata the file does not say the image size either.
    const at = (normalization: Normalization) => {
      const run = trainedBy(normalization);
      const data = { ...run.config.data, imageSize: Number(assumed[0]) };
      return spaceOf({ ...run, config: { ...run.config, data } });
    };
    expect(assumed).toEqual(await at(NORMALIZATIONS.imagenet));
    expect(await spaceOf(chosen(NORMALIZATIONS.imagenet))).toEqual(assumed);
    expect(await spaceOf(chosen(NORMALIZATIONS.clip))).toEqual(await at(NORMALIZATIONS.clip));
    expect(await spaceOf(chosen(NORMALIZATIONS.clip))).not.toEqual(assumed);
  });
});

describe('export', () => {
  it('writes the rows as Parquet, npy and for the projector', async () => {
    const { data, set } = await places();
    await embed(jobOf(set, data));
    const { images: rows, vectors } = readSet(set);
    const job = (format: JobOf<'export-set'>['format'], ending: string) =>
      ({
        kind: 'export-set' as const,
        folder: set,
        name: 'Raw pixels',
        classes: ['blue', 'red'],
        out: join(set, '..', `out.${ending}`),
        format,
      }) satisfies JobOf<'export-set'>;
    expect(await exportSet(job('parquet', 'parquet'), recorded())).toMatchObject({ rows: 12, size: 48 });
    const parquet = Uint8Array.from(await readFile(join(set, '..', 'out.parquet'))).buffer;
    const found = await parquetReadObjects({ file: parquet });
    expect(found.map(({ name }) => name as string)).toEqual(rows.map(({ name }) => name));
    expect(found[0]['class']).toBe(rows[0].label === 'red' ? 1 : 0);
    expect(found.flatMap(({ embedding }) => embedding as number[])).toEqual([...vectors]);

    await exportSet(job('npy', 'npy'), recorded());
    const npy = await readFile(join(set, '..', 'out.npy'));
    expect([...new Float32Array(Uint8Array.from(npy.subarray(10 + npy.readUInt16LE(8))).buffer)]).toEqual([
      ...vectors,
    ]);

    await exportSet(job('npy-zip', 'zip'), recorded());
    const both = unzipSync(await readFile(join(set, '..', 'out.zip')));
    expect(Object.keys(both)).toEqual(['embeddings.npy', 'embeddings.json']);
    expect(Buffer.from(both['embeddings.npy']).equals(npy)).toBe(true);
    expect(JSON.parse(strFromU8(both['embeddings.json']))).toMatchObject({
      names: rows.map(({ name }) => name),
    });

    await exportSet(job('tsv', 'zip'), recorded());
    const files = unzipSync(await readFile(join(set, '..', 'out.zip')));
    const lines = strFromU8(files['vectors.tsv']).trim().split('\n');
    expect(
      lines
        .map((line) => line.split('\t').map(Number))
        .flat()
        .map(Math.fround),
    ).toEqual([...vectors]);
    expect(strFromU8(files['metadata.tsv']).split('\n').slice(0, 2)).toEqual([
      'name\tlabel\tsplit',
      `${rows[0].name}\t${rows[0].label}\t${rows[0].split}`,
    ]);
  });
});
