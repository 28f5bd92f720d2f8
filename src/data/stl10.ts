/**
 * STL-10 as its authors pack it (https://cs.stanford.edu/~acoates/stl10/): images of 96 px as planes of one colour,
 * each stored column by column; labels from 1 in files of their own; 100,000 images without labels. The pixels stay
 * where they are and are read by position.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { UserError } from '../shared/errors';
import type { Item, Listing, StoredFile } from './source';

const SIDE = 96;
const IMAGE_BYTES = 3 * SIDE * SIDE;
const CLASSES = ['airplane', 'bird', 'car', 'cat', 'deer', 'dog', 'horse', 'monkey', 'ship', 'truck'];
const PART = /(^|\/)(train_X|train_y|test_X|test_y|unlabeled_X)\.bin$/;

type PartName = 'train_X' | 'train_y' | 'test_X' | 'test_y' | 'unlabeled_X';
type Parts = Partial<Record<PartName, StoredFile>>;

/** The files of STL-10 by their names; null where no images of it are among the files. */
export function stl10Parts(files: StoredFile[]): Parts | null {
  const found = files.flatMap((file): [PartName, StoredFile][] => {
    const name = PART.exec(file.name)?.[2];
    return name ? [[name as PartName, file]] : [];
  });
  const parts: Parts = Object.fromEntries(found);
  return parts.train_X || parts.test_X || parts.unlabeled_X ? parts : null;
}

/**
 * Training images are the labelled ones, then those without labels; evaluation images the test part.
 * @throws UserError, naming the file, where one is not what STL-10 says it is.
 */
export function listStl10(path: string, parts: Parts): Listing {
  if (Object.values(parts).some(({ zip }) => zip)) {
    throw new UserError(
      `${path} holds STL-10 inside of a zip file, where it cannot be read by position.`,
      'Unpack it and give the folder, or use the original stl10_binary.tar.gz.',
    );
  }
  const train = labelledPart(path, parts.train_X, parts.train_y, 'train_y.bin');
  const unlabelled = parts.unlabeled_X ? imagesOf(path, parts.unlabeled_X) : [];
  const test = labelledPart(path, parts.test_X, parts.test_y, 'test_y.bin');
  const trainCount = train.items.length + unlabelled.length;
  return {
    items: [...train.items, ...unlabelled, ...test.items],
    labels: [...train.labels, ...unlabelled.map(() => -1), ...test.labels],
    classes: CLASSES,
    trainCount: trainCount > 0 && test.items.length > 0 ? trainCount : null,
    skipped: [],
    notes: unlabelled.length > 0 ? [`${unlabelled.length} images of STL-10 have no label.`] : [],
  };
}

function labelledPart(
  path: string,
  images: StoredFile | undefined,
  labels: StoredFile | undefined,
  missing: string,
): { items: Item[]; labels: number[] } {
  if (!images) return { items: [], labels: [] };
  const items = imagesOf(path, images);
  if (!labels) throw malformed(path, images, `its labels, ${missing}, are not beside it`);
  const values = bytesOf(labels);
  if (values.length !== items.length)
    throw malformed(path, labels, `${values.length} labels for ${items.length} images`);
  return { items, labels: Array.from(values, (label, i) => checkedLabel(path, labels, label, i)) };
}

function imagesOf(path: string, file: StoredFile): Item[] {
  if (file.length === 0 || file.length % IMAGE_BYTES !== 0)
    throw malformed(path, file, `${file.length} bytes is not a multiple of ${IMAGE_BYTES}, one image`);
  return Array.from({ length: file.length / IMAGE_BYTES }, (_, i) => ({
    name: `${file.name}/${String(i).padStart(6, '0')}`,
    file: file.file,
    offset: file.offset + i * IMAGE_BYTES,
    length: IMAGE_BYTES,
    zip: null,
    encoding: 'columns',
  }));
}

function checkedLabel(path: string, file: StoredFile, label: number, image: number): number {
  if (label >= 1 && label <= CLASSES.length) return label - 1;
  throw malformed(path, file, `image ${image} has the label ${label}; expected 1 to ${CLASSES.length}`);
}

function bytesOf({ file, offset, length }: StoredFile): Buffer {
  const bytes = Buffer.alloc(length);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, bytes, 0, length, offset);
  } finally {
    closeSync(fd);
  }
  return bytes;
}

function malformed(path: string, file: StoredFile, detail: string): UserError {
  return new UserError(
    `${file.name} in ${path} is not a file of STL-10: ${detail}.`,
    'Download stl10_binary.tar.gz again from https://cs.stanford.edu/~acoates/stl10/.',
  );
}
