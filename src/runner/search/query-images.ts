/** The images to search with, wherever they are: dropped files, rows of sets, images of data sets. */
import { decodeFile, readNamedFile, sizeOfFile, thumbnailOfFile } from '../../data';
import { UserError } from '../../shared/errors';
import type { ImageSource } from '../../shared/explorer/requests';
import { resourcesDirectory } from '../resources';
import type { Galleries } from '../service/galleries';
import type { OpenSets } from './open-sets';
import { rowOf } from './row-of';

/** An image that can be looked at. */
export interface QueryImage {
  /** As an encoder sees it: [imageSize, imageSize, 3], sRGB 0-255. @throws UserError with the reason. */
  decode(imageSize: number): Promise<Uint8Array>;
  /** Upright, px. @throws UserError with the reason. */
  size(): Promise<{ width: number; height: number }>;
  /** JPEG, its longer side `size` px at most. @throws UserError with the reason. */
  thumbnail(size: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where in which data an image is, to tell that two are the same. */
export interface Place {
  readonly dataPath: string;
  /** Path inside of the data. */
  readonly name: string;
}

export class QueryImages {
  constructor(
    private readonly sets: OpenSets,
    private readonly galleries: Galleries,
  ) {}

  /** @throws UserError where it is not there any more. */
  async open(source: ImageSource): Promise<QueryImage> {
    if (source.kind === 'file') return ofFile(Buffer.from(source.bytes), source.name);
    const { dataPath, name } = source.kind === 'row' ? this.placeOfRow(source) : placeIn(source);
    const named = readNamedFile(dataPath, name, resourcesDirectory);
    if (named) return ofFile(named.content, `${name} in ${dataPath}`);
    const gallery = await this.galleries.of(dataPath);
    const index = gallery.indexOf(name);
    if (index === undefined)
      throw new UserError(
        `There is no ${name} in ${dataPath} any more.`,
        'Was it moved or renamed? Check the data set again, and update the embedding set.',
      );
    return {
      decode: (imageSize) => gallery.decode(index, imageSize),
      size: () => gallery.sizeOf(index),
      thumbnail: (size) => gallery.thumbnail(index, size),
    };
  }

  /** Null for files that were dropped. @throws UserError where there is no such row. */
  placeOf(source: ImageSource): Place | null {
    if (source.kind === 'file') return null;
    if (source.kind === 'row') return this.placeOfRow(source);
    return placeIn(source);
  }

  private placeOfRow(source: Extract<ImageSource, { kind: 'row' }>): Place {
    const set = this.sets.open(source.set);
    return { dataPath: set.manifest.dataPath, name: set.images[rowOf(set, source)].name };
  }
}

const placeIn = ({ path, name }: Extract<ImageSource, { kind: 'dataset' }>): Place => ({
  dataPath: path,
  name,
});

const ofFile = (content: Buffer, name: string): QueryImage => ({
  decode: async (imageSize) => (await decodeFile(content, imageSize, name)).pixels,
  size: () => sizeOfFile(content, name),
  thumbnail: (size) => thumbnailOfFile(content, size, name),
});
