/** Embedding sets in memory: read when first asked for, read again when their files changed. */
import { statSync } from 'node:fs';
import {
  imagesFile,
  manifestFile,
  readManifest,
  readSet,
  vectorsFile,
  type SetRows,
} from '../../explorer/set-files';
import { UserError } from '../../shared/errors';
import type { SetSource } from '../../shared/explorer/requests';
import { Recent } from './recent';

/** What a row's name and class take in memory, roughly, bytes. */
const BYTES_PER_IMAGE = 300;

export interface OpenSet extends SetRows {
  readonly source: SetSource;
  /** Of its files: another one where they changed. */
  readonly stamp: string;
}

export class OpenSets {
  private readonly sets: Recent<OpenSet>;

  /** @param memory of all sets together, bytes; the one used last is kept whatever its size. */
  constructor(memory: number) {
    this.sets = new Recent(memory);
  }

  /** @throws UserError where its files cannot be read. */
  open(source: SetSource): OpenSet {
    const { folder } = source;
    const stamp = stampOf(folder);
    const known = this.sets.get(folder);
    if (known?.stamp === stamp) return { ...known, source };
    this.sets.forget(folder);
    const rows = readSet(folder);
    const set = { ...rows, source, stamp };
    this.sets.put(folder, set, rows.vectors.byteLength + rows.images.length * BYTES_PER_IMAGE);
    return set;
  }

  forget(folder: string): void {
    this.sets.forget(folder);
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

function stampOf(folder: string): string {
  const { recipe } = readManifest(folder);
  const files = [manifestFile(folder), imagesFile(folder), vectorsFile(folder, recipe.precision)];
  return files
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stats) => (stats ? `${stats.size} ${stats.mtimeMs}` : 'none'))
    .join();
}
