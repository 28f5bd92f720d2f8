/** Folders, archives and the sample become the same data set. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { colorOf, images, openTest, tar, tarGz, temporaryFolder, writeFiles, type Files } from './fixtures';

const folder = temporaryFolder();
let files: Files;
beforeAll(async () => {
  files = await images(['train/a/1.png', 'train/a/2.png', 'train/b/1.png', 'test/a/1.png', 'test/b/1.png']);
  files['readme.txt'] = 'not an image';
  files['train/.DS_Store'] = 'hidden';
  files['__MACOSX/train/a/._1.png'] = 'hidden';
});

function write(name: string, content: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('openDataset: the same images from', () => {
  const sources: [string, () => string | Promise<string>][] = [
    ['folder', () => writeFiles(join(folder, 'plain'), files)],
    ['tar', async () => write('data.tar', await tar(files))],
    ['tar.gz', async () => write('data.tgz', await tarGz(files))],
    ['zip', () => write('deflated.zip', Buffer.from(zipSync(asBytes(files), { level: 6 })))],
    ['zip', () => write('stored.zip', Buffer.from(zipSync(asBytes(files), { level: 0 })))],
  ];
  it.each(sources)('a %s', async (kind, make) => {
    const dataset = await openTest(await make());
    expect(dataset.source.kind).toBe(kind);
    expect(dataset.names).toEqual([
      'train/a/1.png',
      'train/a/2.png',
      'train/b/1.png',
      'test/a/1.png',
      'test/b/1.png',
    ]);
    expect(dataset.classes).toEqual(['a', 'b']);
    expect([...(dataset.labels ?? [])]).toEqual([0, 0, 1, 0, 1]);
    expect([[...dataset.train], [...dataset.evaluation]]).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(dataset.names.map((_, i) => colorOf(dataset, i)[0])).toEqual([0, 10, 20, 30, 40]);
    expect(dataset.skipped).toEqual([]);
  });

  it('gives all of them one content hash', async () => {
    const [fromFolder, fromTar] = [
      await openTest(join(folder, 'plain')),
      await openTest(join(folder, 'data.tar')),
    ];
    expect(fromFolder.contentHash).toBe(fromTar.contentHash);
  });
});

describe('openDataset: tar', () => {
  it('reads long names, both pax and prefix', async () => {
    const long = `${'folder'.repeat(20)}/${'name'.repeat(30)}.png`;
    const split = `${'d'.repeat(90)}/${'n'.repeat(60)}.png`;
    const dataset = await openTest(write('long.tar', await tar(await images([long, split, 'ünïcode.png']))));
    expect([...dataset.names].sort()).toEqual([long, split, 'ünïcode.png'].sort());
  });

  it('lists links inside of the archive as skipped', async () => {
    const link = { name: 'link.png', type: 'symlink' as const, linkname: '/etc/passwd' };
    const dataset = await openTest(write('link.tar', await tar(await images(['a.png']), [link])));
    expect(dataset.skipped).toEqual([
      { path: 'link.png', reason: 'a link or special file inside of the archive' },
    ]);
  });
});

describe('openDataset: folder', () => {
  it('is unlabelled without class folders, and holds a share out', async () => {
    const root = writeFiles(
      temporaryFolder(),
      await images(Array.from({ length: 20 }, (_, i) => `${i}.png`)),
    );
    const dataset = await openTest(root, { heldOut: 0.25 });
    expect(dataset).toMatchObject({ classes: null, labels: null, count: 20 });
    expect([dataset.train.length, dataset.evaluation.length]).toEqual([15, 5]);
    expect(dataset.summary()).toMatchObject({ ownSplit: false, classes: null, unlabelled: 20 });
  });

  it('follows links but ends at loops', async () => {
    const root = writeFiles(temporaryFolder(), await images(['a/1.png', 'a/2.png', 'b/3.png']));
    symlinkSync('..', join(root, 'a', 'up'));
    symlinkSync('itself.png', join(root, 'b', 'itself.png'));
    symlinkSync('nowhere.png', join(root, 'b', 'gone.png'));
    symlinkSync('../b', join(root, 'a', 'sibling'));
    const dataset = await openTest(root);
    expect(dataset.names).toEqual(['a/1.png', 'a/2.png', 'a/sibling/3.png', 'b/3.png']);
    expect(dataset.skipped).toContainEqual({ path: 'a/up', reason: 'a link to a folder that contains it' });
    expect(dataset.skipped).toContainEqual({
      path: 'b/itself.png',
      reason: 'a link that leads back to itself',
    });
    expect(dataset.skipped).toContainEqual({ path: 'b/gone.png', reason: 'a link to nothing' });
  });

  it('opens a single image: one to train on, none held out', async () => {
    const dataset = await openTest(writeFiles(temporaryFolder(), await images(['only.png'])));
    expect([dataset.count, dataset.train.length, dataset.evaluation.length]).toEqual([1, 1, 0]);
  });
});

function asBytes(from: Files): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(from).map(([name, content]) => [name, new Uint8Array(Buffer.from(content))]),
  );
}
