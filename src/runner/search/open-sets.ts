/** Embedding sets in memory: read when first asked for, read again when their files changed. */
import { statSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Hit } from '../../explorer/search/hits';
import { VectorFile } from '../../explorer/search/vector-file';
import {
  imagesFile,
  manifestFile,
  readImages,
  readManifest,
  vectorsFile,
  type SetManifest,
} from '../../explorer/set-files';
import { UserError } from '../../shared/errors';
import { APPROXIMATE_FROM, type SetSource } from '../../shared/explorer/requests';
import type { SetImage } from '../../shared/explorer/sets';
import { Recent } from '../../shared/recent';
import { SetIndex } from './set-index';
import { stampOf } from './stamp';

/** What a row's name and class take in memory, roughly, bytes. */
const BYTES_PER_IMAGE = 300;
/** Vectors above this share of the machine's memory are not read at once. */
const MOST_MEMORY = 0.6;

export class OpenSet {
  readonly manifest: SetManifest;
  /** Of the rows that are whole. */
  readonly images: readonly SetImage[];
  /** Null where nothing is embedded yet. */
  private readonly file: VectorFile | null;
  private inMemory: Float32Array | undefined;
  private readonly index: SetIndex;

  /** @throws UserError where its files cannot be read. */
  constructor(readonly source: SetSource) {
    const { folder } = source;
    this.manifest = readManifest(folder);
    const images = readImages(folder);
    const vectors = vectorsFile(folder, this.manifest.recipe.precision);
    this.file = statSync(vectors, { throwIfNoEntry: false }) ? new VectorFile(folder, this.manifest) : null;
    this.images = images.slice(0, this.file?.count ?? 0);
    this.index = new SetIndex(source, this.manifest, this.images.length);
  }

  get bytes(): number {
    return (this.inMemory?.byteLength ?? 0) + this.images.length * BYTES_PER_IMAGE;
  }

  /** All vectors, [images, size], read when first asked for. @throws UserError where memory does not hold them. */
  get vectors(): Float32Array {
    if (this.inMemory) return this.inMemory;
    const numbers = this.images.length * this.manifest.size;
    if (numbers * 4 > totalmem() * MOST_MEMORY)
      throw new UserError(
        `The ${this.images.length.toLocaleString('en-US')} vectors of "${this.source.name}" take ${(numbers / 2 ** 28).toFixed(1)} GiB: too much for this machine to look at all of them.`,
        'Search without filters and let the method be "auto" or "approximate".',
      );
    this.inMemory = this.file?.read(0, this.images.length) ?? new Float32Array();
    return this.inMemory;
  }

  /** The vector of a row, [size]. @throws UserError where there is no such row. */
  row(row: number): Float32Array {
    const { size } = this.manifest;
    if (row >= this.images.length || !this.file)
      throw new UserError(
        `There is no row ${row} in "${this.source.name}": it has ${this.images.length}.`,
        'The set was embedded again: search anew.',
        'usage',
      );
    return this.inMemory?.slice(row * size, (row + 1) * size) ?? this.file.read(row, 1);
  }

  /** The nearest rows by the index; why not, as a sentence, where it cannot be used. `set` is put on the hits. */
  searchIndex(query: Float32Array, k: number, set: number): { hits: Hit[] } | { why: string } {
    return this.index.use((index) => ({ hits: index.search(query, k, set, (row) => this.row(row)) }));
  }

  /** Brings into memory what the first query needs of it. @throws UserError where its files cannot be read. */
  warm(): void {
    const { images } = this;
    if (images.length < APPROXIMATE_FROM) this.inMemory ??= this.vectors;
    else this.index.use((index) => index.warm((row) => this.row(row)));
  }

  close(): void {
    this.index.close();
    this.file?.close();
  }
}

export class OpenSets {
  private readonly sets: Recent<{ set: OpenSet; stamp: string }>;

  /** @param memory of all sets together, bytes; the one used last is kept whatever its size. */
  constructor(memory: number) {
    this.sets = new Recent(memory, ({ set }) => set.close());
  }

  /** @throws UserError where its files cannot be read. */
  open(source: SetSource): OpenSet {
    const { folder } = source;
    const stamp = `${JSON.stringify(source)} ${filesOf(folder)}`;
    const known = this.sets.get(folder);
    if (known?.stamp === stamp) return known.set;
    const set = new OpenSet(source);
    this.sets.put(folder, { set, stamp }, set.bytes);
    return set;
  }

  /** What sets take may have grown: those used longest ago make room. */
  settle(used: readonly OpenSet[]): void {
    for (const { source, bytes } of used) this.sets.weigh(source.folder, bytes);
  }

  forget(folder: string): void {
    this.sets.forget(folder);
  }

  close(): void {
    this.sets.clear();
  }
}

/** @throws UserError naming both encoders where the vectors of two of the sets cannot be compared. */
export function checkSpaces(sets: readonly OpenSet[]): void {
  const [first, ...others] = sets;
  const stranger = others.find(({ manifest }) => manifest.space !== first.manifest.space);
  if (!stranger) return;
  throw new UserError(
    `"${first.source.name}" and "${stranger.source.name}" cannot be searched together: one is of ${nameOf(first)}, the ` +
      `other of ${nameOf(stranger)}, and distances between vectors of different encoders mean nothing.`,
    'Search them one after another, or embed one of the folders with the encoder of the other.',
    'usage',
  );
}

const nameOf = ({ source, manifest }: OpenSet): string => {
  const { feature, whitening } = manifest.recipe;
  const extras = [feature !== 'embedding' && feature, whitening && 'whitened'].filter(Boolean);
  return `the encoder "${source.encoderName}"${extras.length ? ` (${extras.join(', ')})` : ''}`;
};

function filesOf(folder: string): string {
  const { recipe } = readManifest(folder);
  return stampOf([manifestFile(folder), imagesFile(folder), vectorsFile(folder, recipe.precision)]);
}
