/** The vocabulary of sources: what a folder, an archive or a CIFAR batch has in common. */
import type { Limits } from './limits';

export type SourceKind = 'folder' | 'tar' | 'tar.gz' | 'zip';

/** A regular file of a source, and where its bytes are. */
export interface StoredFile {
  /** Path inside of the source, with forward slashes. */
  name: string;
  /** The file on disk that holds the bytes: the image itself, or the archive. */
  file: string;
  /** Where the bytes begin in `file`; for zip, where the entry's local header begins. */
  offset: number;
  /** Bytes to read; for zip, the packed bytes after the local header. */
  length: number;
  /** When the file was last written, ms; of a file in an archive not told. */
  modified?: number;
  zip: ZipEntry | null;
}

export interface ZipEntry {
  method: 'stored' | 'deflated';
  /** Unpacked bytes. */
  size: number;
  crc32: number;
}

/** One image to decode. Travels to a worker thread as it is. */
export interface Item extends StoredFile {
  /** `image`: an image file. `planes`: pixels, [3, side, side], as CIFAR's. `columns`: the same, column by column, as STL-10's. */
  encoding: 'image' | 'planes' | 'columns';
}

/** A file that should have been an image and is left out. */
export interface Skipped {
  path: string;
  reason: string;
}

/** Every image of a source in its final order: training images first, then the evaluation images. */
export interface Listing {
  items: Item[];
  /** Class of each item, -1 for unlabelled; null where the source has no classes. */
  labels: number[] | null;
  /** Class names in label order. */
  classes: string[] | null;
  /** Items before this one are for training, the others for evaluation; null without a split of its own. */
  trainCount: number | null;
  skipped: Skipped[];
  /** What was understood from the layout that a user may not expect, as sentences. */
  notes: string[];
}

export interface ListContext {
  /** An empty folder for files that live until decoding is done. */
  scratch: string;
  limits: Limits;
  onProgress: (progress: DataProgress) => void;
  signal?: AbortSignal;
}

export interface DataProgress {
  stage: 'listing' | 'unpacking' | 'decoding';
  done: number;
  /** 0 while it is not known. */
  total: number;
  /** What `done` and `total` count. */
  unit: 'files' | 'bytes' | 'images';
}

export interface Source {
  kind: SourceKind;
  /** Changes when the content does; the cache's key is made from it. */
  fingerprint: string;
  list(context: ListContext): Promise<Listing>;
}
