import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDataset } from '../../src/data';
import { studio } from '../../src/runner/jobs/studio';
import type { RunnerMessage } from '../../src/shared/protocol';
import {
  studioRequests,
  type StudioAnswer,
  type StudioKind,
  type StudioPayload,
} from '../../src/shared/studio';
import { recorded, temporaryFolder, tinyConfig, writeImages } from './fixtures';

type Reply = Extract<RunnerMessage, { type: 'reply' }>;

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

/** A studio that is asked as the host would, and ends with the test. */
function opened() {
  const waiting = new Map<number, (reply: Reply) => void>();
  const context = recorded((message) => {
    if (message.type === 'reply') waiting.get(message.id)?.(message);
  });
  const done = studio({ kind: 'studio', cacheDirectory: join(folder, 'cache') }, context);
  onTestFinished(async () => {
    context.stop();
    await done;
  });
  let id = 0;
  const send = (request: unknown) =>
    new Promise<Reply>((resolve) => {
      waiting.set(++id, resolve);
      context.inbox.put(id, request);
    });
  async function ask<K extends StudioKind>(kind: K, payload: StudioPayload<K>): Promise<StudioAnswer<K>> {
    const reply = await send({ kind, payload });
    if (!reply.ok) throw new Error(`${reply.failure.kind}: ${reply.failure.message}`);
    return studioRequests[kind].answer.parse(reply.value) as StudioAnswer<K>;
  }
  return { send, ask, context };
}

const raw = async (picture: Uint8Array) => {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(data), ...info };
};

describe('a studio', () => {
  it('knows what there is to choose from', async () => {
    const catalogue = await opened().ask('catalogue', {});
    expect(catalogue.methods.map(({ id }) => id)).toContain('simclr');
    expect(catalogue.presets.map(({ published }) => published)).toContainEqual(
      expect.stringContaining('k-NN'),
    );
    expect(catalogue.config).toMatchObject({ properties: { batchSize: { unit: 'images' } } });
  });

  it('says what is wrong with settings, and goes on', async () => {
    const { ask } = opened();
    const resolve = (overrides: [string, string][]) =>
      ask('resolve', { source: { preset: 'quick', overrides } });
    const wrong = await resolve([
      ['batchSize', '0'],
      ['options.temprature', '1'],
    ]);
    expect(wrong.config).toBeNull();
    expect(wrong.issues.map(({ path }) => path)).toEqual(['options.temprature', 'batchSize']);
    expect(await resolve([['schedule.warmupEpochs', '9']])).toMatchObject({
      config: { method: 'simclr' },
      warnings: [expect.stringContaining('warm-up')],
      issues: [],
    });
  });

  it('survives requests that make no sense', async () => {
    const { send, ask, context } = opened();
    const kindOf = async (request: unknown) => {
      const reply = await send(request);
      return reply.ok ? 'ok' : reply.failure.kind;
    };
    expect(await kindOf(null)).toBe('bug');
    expect(await kindOf({ kind: 'toString', payload: {} })).toBe('bug');
    expect(await kindOf({ kind: 'thumbnail', payload: { path: 'x', index: -1, size: 96 } })).toBe('bug');
    expect(await kindOf({ kind: 'thumbnail', payload: { path: '/nowhere', index: 0, size: 96 } })).toBe(
      'failed',
    );
    expect(context.of('log').filter(({ level }) => level === 'error')).toHaveLength(3);
    expect((await ask('catalogue', {})).presets).not.toHaveLength(0);
  });
});

describe('views', () => {
  const config = (changes: Parameters<typeof tinyConfig>[1] = {}) =>
    tinyConfig(join(folder, 'images'), { data: { path: join(folder, 'images'), imageSize: 16 }, ...changes });

  it('are the very ones of training: images, draws and pixels', async () => {
    await writeImages(join(folder, 'images'), 8, 20);
    // Nothing is drawn but a crop of everything: the views are the images.
    const views = {
      cropScale: [1, 1] as [number, number],
      jitterStrength: 0,
      grayscale: 0,
      flip: 0,
      blur: 0,
    };
    const still = config({ options: { views } });
    const { ask } = opened();
    const shown = await ask('views', { config: still, count: 4, round: 0 });
    expect(shown.views).toEqual([
      { name: 'View 1', size: 16 },
      { name: 'View 2', size: 16 },
    ]);
    const dataset = await openDataset(still.data.path, {
      imageSize: 16,
      cacheDirectory: join(folder, 'other-cache'),
      resourcesDirectory: '',
      heldOut: still.data.heldOut,
      seed: still.seed,
      threads: 1,
    });
    for (const { index, label, original } of shown.images) {
      expect([...dataset.train]).toContain(index);
      expect(label).toBe(dataset.names[index].split('/')[0]);
      expect((await raw(original)).pixels).toEqual(dataset.read(Uint32Array.of(index)));
    }
    dataset.close();

    const drawn = config({ options: { views: { ...views, flip: 1 } } });
    const flipped = await ask('views', { config: drawn, count: 4, round: 0 });
    for (const [i, image] of flipped.images.entries()) {
      const { pixels } = await raw(await sharp(image.original).flop().png().toBuffer());
      const view = (await raw(image.views[0])).pixels;
      expect(image.index).toBe(shown.images[i].index);
      expect(view.every((value, at) => Math.abs(value - pixels[at]) <= 1)).toBe(true);
    }
  });

  it('change from round to round, with the seed, and are the same when asked again', async () => {
    await writeImages(join(folder, 'images'), 8, 20);
    const { ask } = opened();
    const ask1 = async (round: number, seed = 0) => {
      const { images } = await ask('views', { config: config({ seed }), count: 2, round });
      return images.map(({ index, views }) => [
        index,
        ...views.map((view) => Buffer.from(view).toString('hex')),
      ]);
    };
    const first = await ask1(0);
    expect(first[0][1]).not.toBe(first[0][2]);
    const second = await ask1(1);
    expect(second.map(([index]) => index)).toEqual(first.map(([index]) => index));
    expect(second[0][1]).not.toBe(first[0][1]);
    expect(await ask1(0)).toEqual(first);
    expect(await ask1(0, 1)).not.toEqual(first);
  });

  it('pass over unreadable files, and say so where there is nothing else', async () => {
    await writeImages(join(folder, 'images'), 3, 20);
    for (let i = 0; i < 9; i++) await writeFile(join(folder, 'images', 'red', `bad${i}.png`), 'no image');
    const { ask } = opened();
    const { images } = await ask('views', { config: config(), count: 16, round: 0 });
    expect(images.length).toBeGreaterThanOrEqual(3);
    expect(images.length).toBeLessThanOrEqual(6);

    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken', 'a.png'), 'no image');
    const broken = tinyConfig(join(folder, 'broken'));
    await expect(ask('views', { config: broken, count: 1, round: 0 })).rejects.toThrow(
      /begins with "no image"/,
    );
  });

  it('of a newer request push out those that wait', async () => {
    await writeImages(join(folder, 'images'), 4, 20);
    const { ask } = opened();
    const rounds = [0, 1, 2].map((round) => ask('views', { config: config(), count: 1, round }));
    const thumbnail = ask('thumbnail', { path: join(folder, 'images'), index: 0, size: 16 });
    const settled = await Promise.allSettled(rounds);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await expect(rounds[0]).rejects.toThrow('superseded');
    expect((await thumbnail).jpeg.length).toBeGreaterThan(100);
  });

  it('are there at once when all is warm', async () => {
    const { ask } = opened();
    const sample = tinyConfig('sample', { data: { path: 'sample', imageSize: 32 } });
    const times: number[] = [];
    for (let round = 0; round < 6; round++) {
      const began = process.cpuUsage();
      await ask('views', { config: sample, count: 8, round });
      const { user, system } = process.cpuUsage(began);
      times.push((user + system) / 1000);
    }
    // Processor time, which other programs do not lengthen: 150 ms is the promise, on one core.
    expect(Math.min(...times.slice(1))).toBeLessThan(150);
  });
});

describe('images of a class', () => {
  it('come in pages, in the order of the data, without what cannot be read', async () => {
    const path = await writeImages(join(folder, 'images'), 5);
    await writeFile(join(path, 'red/001.png'), 'no image');
    // The check of the data set: from then on broken files are known.
    const checked = await openDataset(path, {
      imageSize: 8,
      cacheDirectory: join(folder, 'cache'),
      resourcesDirectory: '',
      heldOut: 0,
      seed: 0,
      threads: 1,
    });
    checked.close();
    const { ask } = opened();
    const page = (label: string, offset: number, count: number) =>
      ask('images', { path, label, offset, count });
    expect(await page('blue', 0, 3)).toEqual({ indices: [0, 1, 2], total: 5 });
    expect(await page('blue', 3, 3)).toEqual({ indices: [3, 4], total: 5 });
    expect(await page('red', 0, 500)).toEqual({ indices: [5, 6, 7, 8], total: 4 });
    await expect(page('green', 0, 1)).rejects.toThrow('There is no class "green"');
  });
});

describe('thumbnails', () => {
  it('are upright, of the asked size, and no larger than the file', async () => {
    await mkdir(join(folder, 'images'));
    const wide = sharp({ create: { width: 60, height: 30, channels: 3, background: '#c00000' } });
    await wide
      .clone()
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toFile(join(folder, 'images', 'a.jpg'));
    await wide
      .clone()
      .png()
      .toFile(join(folder, 'images', 'b.png'));
    const { ask } = opened();
    const size = async (index: number, size: number) => {
      const { jpeg } = await ask('thumbnail', { path: join(folder, 'images'), index, size });
      const { width, height, format } = await sharp(jpeg).metadata();
      return [width, height, format];
    };
    expect(await size(0, 40)).toEqual([20, 40, 'jpeg']);
    expect(await size(1, 40)).toEqual([40, 20, 'jpeg']);
    expect(await size(1, 500)).toEqual([60, 30, 'jpeg']);
    await expect(size(2, 40)).rejects.toThrow('There is no image 2');
  });

  it('come from the sample, too', async () => {
    const { jpeg } = await opened().ask('thumbnail', { path: 'sample', index: 5999, size: 96 });
    expect(await sharp(jpeg).metadata()).toMatchObject({ width: 32, height: 32, format: 'jpeg' });
  });

  it('are numbered as in the decoded data set where there is one', async () => {
    const path = await writeImages(join(folder, 'images'), 2, 8);
    await writeFile(join(path, 'blue', '000.png'), 'no image');
    const options = {
      imageSize: 8,
      cacheDirectory: join(folder, 'cache'),
      resourcesDirectory: '',
      threads: 1,
    };
    (await openDataset(path, options)).close();
    const { ask } = opened();
    const first = await raw((await ask('thumbnail', { path, index: 0, size: 64 })).jpeg);
    const second = await raw((await ask('thumbnail', { path, index: 1, size: 64 })).jpeg);
    expect([first.pixels[2] > first.pixels[0], second.pixels[2] > second.pixels[0]]).toEqual([true, false]);
  });

  it('are named as they are numbered', async () => {
    const path = await writeImages(join(folder, 'images'), 2, 8);
    const { ask } = opened();
    expect(await ask('name', { path, index: 1 })).toEqual({ name: 'blue/001.png' });
    await expect(ask('name', { path, index: 4 })).rejects.toThrow('There is no image 4 in');
  });

  it('follow the folder: a new file is seen, and after "forget" one deep inside', async () => {
    const path = await writeImages(join(folder, 'images'), 1, 8);
    const { ask } = opened();
    await ask('thumbnail', { path, index: 1, size: 16 });
    await expect(ask('thumbnail', { path, index: 2, size: 16 })).rejects.toThrow('There is no image 2');
    const extra = await sharp(join(path, 'red', '000.png')).toBuffer();
    await writeFile(join(path, 'red', '001.png'), extra);
    await ask('forget', { path });
    await ask('thumbnail', { path, index: 2, size: 16 });
    await rm(join(path, 'red', '001.png'));
    await writeFile(join(path, 'z.png'), extra);
    await ask('thumbnail', { path, index: 2, size: 16 });
  });
});
