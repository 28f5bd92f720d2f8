/** Bad input gets a clear error or a line in the list of skipped files; one bad image never ends a run. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/shared/errors';
import type { OpenDatasetOptions } from '../../src/data';
import { images, openTest, png, tar, tarGz, temporaryFolder, writeFiles, type Files } from './fixtures';

async function errorOf(path: string, options: Partial<OpenDatasetOptions> = {}): Promise<UserError> {
  const error = await openTest(path, options).then(
    () => 'it was opened',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  const userError = error as UserError;
  expect(userError.hint).toBeTruthy();
  return userError;
}

function fileWith(name: string, content: Buffer | string): string {
  return join(writeFiles(temporaryFolder(), { [name]: content }), name);
}

/** A PNG of a few bytes that declares any size. */
function pngDeclaring(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const data = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('paths', () => {
  it('missing folder', async () => {
    const error = await errorOf('/no/such/folder');
    expect(error.message).toBe('There is no folder or file at /no/such/folder.');
  });

  it('empty folder, and one without images', async () => {
    const empty = temporaryFolder();
    expect((await errorOf(empty)).message).toBe(`No images in ${empty}: it is empty.`);
    const texts = writeFiles(temporaryFolder(), { 'a.txt': '', 'b.txt': '', 'c.pdf': '', README: '' });
    expect((await errorOf(texts)).message).toContain('it holds 2 .txt, 1 .pdf, 1 without extension');
  });

  it.each([
    ['notes.txt', 'hello', 'is not a kind of file that holds images (.txt)'],
    ['photo.jpg', 'hello', 'is a single image file'],
    ['data.tar.gz', 'hello', 'is not a .gz archive'],
    ['data.zip', '', 'is an empty file (0 bytes)'],
  ])('a file that is no data set: %s', async (name, content, expected) => {
    expect((await errorOf(fileWith(name, content))).message).toContain(expected);
  });

  it('a wrong image size or held-out share is refused with the range', async () => {
    expect((await errorOf('.', { imageSize: 4 })).message).toContain('expected 8 to 512');
    expect((await errorOf('.', { heldOut: 1 })).message).toContain('expected 0 to below 1');
  });

  it('a cache folder that cannot be written', async () => {
    const root = writeFiles(temporaryFolder(), { ...(await images(['a.png'])), blocked: 'a file' });
    const error = await errorOf(root, { cacheDirectory: join(root, 'blocked', 'cache') });
    expect(error.message).toContain('Cannot write the image cache in');
  });
});

describe('images', () => {
  const reasons = new Map<string, string>();
  beforeAll(async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251));
    const photo = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    const flat = await png([1, 2, 3], 64, 64);
    const root = writeFiles(temporaryFolder(), {
      'good.png': await png([9, 9, 9]),
      'zero-bytes.jpg': '',
      'text.jpg': '<!DOCTYPE html>',
      'half.jpg': photo.subarray(0, photo.length / 2),
      'three-bytes.jpg': photo.subarray(0, 3),
      'half.png': flat.subarray(0, flat.length - 30),
      'huge.png': pngDeclaring(30_000, 30_000),
      'svg.png': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'old.bmp': 'BM' + '\0'.repeat(60),
    });
    const dataset = await openTest(root);
    expect(dataset.names).toEqual(['good.png']);
    for (const { path, reason } of dataset.skipped) reasons.set(path, reason);
  });

  it.each([
    ['zero-bytes.jpg', 'the file is empty (0 bytes)'],
    ['text.jpg', 'not an image: it begins with "<!DOCTYPE html>"'],
    ['half.jpg', 'damaged or incomplete JPEG'],
    ['three-bytes.jpg', 'damaged or incomplete JPEG'],
    ['half.png', 'damaged or incomplete PNG'],
    ['huge.png', '30000 x 30000 pixels: over the limit of 268 megapixels'],
    ['svg.png', 'not an image'],
    ['old.bmp', 'BMP cannot be read; convert it to PNG'],
  ])('%s is skipped with its reason', (name, reason) => {
    expect(reasons.get(name)).toContain(reason);
  });

  it('a pipe is not waited for', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no named pipes');
    const root = writeFiles(temporaryFolder(), await images(['good.png']));
    execFileSync('mkfifo', [join(root, 'pipe.png')]);
    expect((await openTest(root)).skipped).toEqual([{ path: 'pipe.png', reason: 'not a regular file' }]);
  });

  // Root reads everything, so there is nothing to test for it.
  it('an unreadable file and folder', async (context) => {
    if (process.getuid?.() === 0) context.skip('root reads every file, whatever its mode');
    if (process.platform === 'win32') context.skip('Windows has no file modes');
    const root = writeFiles(temporaryFolder(), await images(['good.png', 'closed.png', 'private/a.png']));
    chmodSync(join(root, 'closed.png'), 0);
    chmodSync(join(root, 'private'), 0);
    const { skipped } = await openTest(root);
    chmodSync(join(root, 'private'), 0o700);
    expect(skipped).toContainEqual({ path: 'closed.png', reason: 'cannot be read (EACCES)' });
    expect(skipped).toContainEqual({ path: 'private/', reason: 'no permission to read it' });
  });

  it('all corrupt: the error lists some with reasons, and leaves nothing behind', async () => {
    const files: Files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`${i}.jpg`, 'text']));
    const cacheDirectory = temporaryFolder();
    const error = await errorOf(writeFiles(temporaryFolder(), files), { cacheDirectory });
    expect(error.message).toContain('None of the 7 images');
    expect(error.message).toContain('0.jpg (not an image: it begins with "text")');
    expect(error.message).toContain('and 2 more');
    expect(readdirSync(cacheDirectory)).toEqual([]);
  });
});

describe('archives', () => {
  it.each(['../evil.png', '/etc/evil.png', 'a/../../evil.png', 'C:/evil.png', 'a\\..\\evil.png'])(
    'a path that leads outside: %s',
    async (name) => {
      const content = await png([1, 1, 1]);
      const error = await errorOf(fileWith('x.tar', await tar({ [name]: content })));
      expect(error.message).toContain(`leads outside of the archive: ${JSON.stringify(name)}`);
      const zipped = await errorOf(
        fileWith('x.zip', Buffer.from(zipSync({ [name]: new Uint8Array(content) }))),
      );
      expect(zipped.message).toContain('leads outside of the archive');
    },
  );

  it('decompression bombs: gzip, zip, and too many entries', async () => {
    const zeros = Buffer.alloc(8 * 2 ** 20);
    const limits = { ratioFromBytes: 2 ** 20 };
    const gzip = await errorOf(fileWith('x.tar.gz', await tarGz({ 'a.tiff': zeros })), { limits });
    expect(gzip.message).toContain('looks like a decompression bomb');
    const zip = fileWith('x.zip', Buffer.from(zipSync({ 'a.tiff': new Uint8Array(zeros) })));
    expect((await errorOf(zip, { limits })).message).toContain('looks like a decompression bomb');
    expect((await errorOf(zip, { limits: { maxUnpackedBytes: 2 ** 20 } })).message).toContain(
      'unpacks to more than 1 MiB',
    );
    const many = fileWith('x.tar', await tar(await images(['a.png', 'b.png', 'c.png'])));
    expect((await errorOf(many, { limits: { maxEntries: 2 } })).message).toContain('holds more than 2 files');
  });

  it('cut short: tar, tar.gz, zip', async () => {
    const files = await images(['a.png', 'b.png', 'c.png']);
    const whole = await tar(files);
    expect((await errorOf(fileWith('x.tar', whole.subarray(0, 1024 + 100)))).message).toContain(
      'is cut short',
    );
    const packed = gzipSync(whole);
    expect((await errorOf(fileWith('x.tgz', packed.subarray(0, packed.length / 2)))).message).toContain(
      'is cut short',
    );
    const zip = Buffer.from(zipSync(asBytes(files)));
    expect((await errorOf(fileWith('x.zip', zip.subarray(0, zip.length - 40)))).message).toContain(
      'damaged or cut short',
    );
  });

  it('damaged: gzip check sum, tar header, what is no tar', async () => {
    const packed = await tarGz(await images(['a.png']));
    packed[packed.length - 6] ^= 1;
    expect((await errorOf(fileWith('x.tgz', packed))).message).toContain('is damaged');
    const whole = await tar(await images(['a.png', 'b.png']));
    whole[1024] ^= 1;
    expect((await errorOf(fileWith('x.tar', whole))).message).toContain(
      'wrong header check sum at byte 1024',
    );
    expect((await errorOf(fileWith('x.gz', gzipSync('hello')))).message).toContain('not a tar archive');
  });

  it('one damaged entry of a zip is skipped', async () => {
    const zip = Buffer.from(zipSync(asBytes(await images(['a.png', 'b.png'])), { level: 0 }));
    zip[zip.indexOf('IDAT') + 6] ^= 1;
    const dataset = await openTest(fileWith('x.zip', zip));
    expect(dataset.names).toEqual(['b.png']);
    expect(dataset.skipped).toEqual([
      { path: 'a.png', reason: 'its entry in the zip file is damaged (wrong check sum)' },
    ]);
  });

  it('a zip entry that unpacks to more than it declares is skipped', async () => {
    const files = { 'a.png': new Uint8Array(await png([1, 1, 1])), 'b.png': new Uint8Array(100_000) };
    const zip = Buffer.from(zipSync(files));
    const central = zip.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    zip.writeUInt32LE(10, central + 24);
    const dataset = await openTest(fileWith('x.zip', zip));
    expect(dataset.skipped.map(({ path }) => path)).toEqual(['b.png']);
  });
});

describe('a folder in the way', () => {
  it('a directory named like an image is walked, not read', async () => {
    const root = writeFiles(temporaryFolder(), await images(['good.png']));
    mkdirSync(join(root, 'folder.png'));
    writeFileSync(join(root, 'folder.png', 'inside.png'), await png([5, 5, 5]));
    expect((await openTest(root)).names).toEqual(['folder.png/inside.png', 'good.png']);
  });
});

function asBytes(files: Files): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, new Uint8Array(Buffer.from(content))]),
  );
}
