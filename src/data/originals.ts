/** The image files of a data set, a few of them decoded when asked for: nothing has to be decoded before. */
import { rmSync } from 'node:fs';
import { messageOf, UserError } from '../shared/errors';
import { findManifest } from './cache-folder';
import { decodeItem, ItemReader } from './decode-worker';
import { ImageSet, type Contents, type SplitOptions } from './image-set';
import { DEFAULT_LIMITS } from './limits';
import { openSource } from './open-source';
import { makeScratch } from './scratch';
import type { Item, Source } from './source';
import { sourcePath } from './source-path';
import { pngOf, thumbnailOf, uprightSize } from './thumbnail';

export interface OpenOriginalsOptions {
  /** Archives that cannot be read in place are unpacked there; a cache tells which files cannot be read. */
  cacheDirectory: string;
  /** Holds `sample/`. */
  resourcesDirectory: string;
  signal?: AbortSignal;
}

/**
 * Lists what is at `path` without decoding any of it.
 * @param path as openDataset's. @throws UserError as openDataset.
 */
export async function openOriginals(path: string, options: OpenOriginalsOptions): Promise<Originals> {
  const full = sourcePath(path, options.resourcesDirectory);
  const source = await openSource(full, DEFAULT_LIMITS, () => {}, options.signal);
  return listOriginals(full, source, options);
}

/**
 * What is at `path` without its pixels: as it was decoded before, else as its files are named.
 * @throws UserError as openDataset.
 */
export async function openImageSet(
  path: string,
  options: OpenOriginalsOptions & SplitOptions,
): Promise<ImageSet> {
  const full = sourcePath(path, options.resourcesDirectory);
  const source = await openSource(full, DEFAULT_LIMITS, () => {}, options.signal);
  const manifest = findManifest(options.cacheDirectory, source.fingerprint);
  if (manifest) return new ImageSet(manifest, options);
  const originals = await listOriginals(full, source, options);
  try {
    return originals.imageSet(options);
  } finally {
    originals.close();
  }
}

async function listOriginals(
  path: string,
  source: Source,
  options: OpenOriginalsOptions,
): Promise<Originals> {
  const { cacheDirectory, signal } = options;
  const scratch = makeScratch(cacheDirectory);
  try {
    const context = { scratch, limits: DEFAULT_LIMITS, onProgress: () => {}, ...(signal && { signal }) };
    const { items, ...listing } = await source.list(context);
    const manifest = findManifest(cacheDirectory, source.fingerprint);
    const contents = manifest ?? { ...listing, names: items.map(({ name }) => name) };
    const byName = new Map(items.map((item) => [item.name, item]));
    const readable = manifest ? manifest.names.map((name) => byName.get(name)!) : items;
    return new Originals(path, contents, readable, scratch);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    throw error;
  }
}

export interface OriginalFile {
  readonly content: Buffer;
  /** When the file was changed, ms since the Unix epoch; null inside of an archive. */
  readonly changedAt: number | null;
}

/**
 * Indices are those of a Dataset of the same path where it was decoded before. Else files that will turn out
 * unreadable are still counted.
 */
export class Originals {
  private readonly reader = new ItemReader();
  private places: Map<string, number> | undefined;

  constructor(
    readonly path: string,
    private readonly contents: Contents,
    private readonly items: readonly Item[],
    private readonly scratch: string,
  ) {}

  /** The images with the parts that training would make of them. */
  imageSet(options: SplitOptions): ImageSet {
    return new ImageSet(this.contents, options);
  }

  /**
   * The images of a class, ascending.
   * @throws UserError where there is no such class.
   */
  indicesOf(name: string): Uint32Array {
    const { labels, classes } = this.contents;
    const label = classes?.indexOf(name) ?? -1;
    if (!labels || label < 0)
      throw new UserError(
        `There is no class "${name}" in ${this.path}.`,
        'Check the data set again: its folders have changed.',
        'usage',
      );
    return Uint32Array.from(labels.keys()).filter((index) => labels[index] === label);
  }

  /**
   * One image exactly as a Dataset of this size holds it.
   * @returns [imageSize, imageSize, 3], sRGB 0-255. @throws UserError with the reason where it cannot be read.
   */
  decode(index: number, imageSize: number): Promise<Uint8Array> {
    return this.read(index, async (content, { encoding }) => {
      return (await decodeItem(content, encoding, imageSize)).pixels;
    });
  }

  /**
   * The whole image, upright, transparent parts over white.
   * @param size of the longer side, px; a smaller image stays as it is.
   * @returns JPEG. @throws UserError with the reason where it cannot be read.
   */
  thumbnail(index: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.read(index, (content, { encoding }) => thumbnailOf(content, encoding, size));
  }

  /**
   * The image as a file: as it is, or as PNG where the data holds bare pixels.
   * @throws UserError with the reason where it cannot be read.
   */
  file(index: number): Promise<OriginalFile> {
    return this.read(index, async (content, { encoding, modified }) => ({
      content: encoding === 'image' ? content : await pngOf(content, encoding),
      changedAt: modified ?? null,
    }));
  }

  /** Of the upright image, px. @throws UserError with the reason where it cannot be read. */
  sizeOf(index: number): Promise<{ width: number; height: number }> {
    return this.read(index, (content, { encoding }) => uprightSize(content, encoding));
  }

  /** The index of the image of this path inside of the source; undefined where there is none. */
  indexOf(name: string): number | undefined {
    this.places ??= new Map(this.items.map((item, index) => [item.name, index]));
    return this.places.get(name);
  }

  /** The path of an image inside of the source; undefined where there is none. */
  nameOf(index: number): string | undefined {
    return this.items.at(index)?.name;
  }

  close(): void {
    this.reader.close();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async read<T>(index: number, decode: (content: Buffer, item: Item) => Promise<T>): Promise<T> {
    const item = this.items.at(index);
    if (!item)
      throw new UserError(
        `There is no image ${index} in ${this.path}: it has ${this.items.length}.`,
        'Check the data set again: its files have changed.',
      );
    try {
      return await decode(this.reader.read(item), item);
    } catch (error) {
      throw new UserError(`${item.name} in ${this.path} cannot be shown: ${messageOf(error)}.`);
    }
  }
}
