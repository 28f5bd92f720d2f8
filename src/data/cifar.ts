/**
 * CIFAR-10 as its authors pack it: five training batches and one test batch, binary or Python pickles
 * (https://www.cs.toronto.edu/~kriz/cifar.html). The pixels stay where they are and are read by position.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { UserError, messageOf } from '../shared/errors';
import { ByteArray, readPickle } from './pickle';
import type { Item, Listing, StoredFile } from './source';

/** Bytes of one image's planes, [3, 32, 32]. */
export const PLANES_BYTES = 3 * 32 * 32;
/** A binary record: label, then planes. */
const RECORD_BYTES = 1 + PLANES_BYTES;
const BATCH = /(^|\/)(data_batch_\d+|test_batch)(\.bin)?$/;
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

interface Batch {
  items: Item[];
  labels: number[];
}

/** The batches among the files, training first, each in order; null where there are none. */
export function cifarBatches(files: StoredFile[]): StoredFile[] | null {
  const batches = files.filter(({ name }) => BATCH.test(name));
  const key = ({ name }: StoredFile) =>
    (isTest(name) ? '1' : '0') + name.replace(/\d+/g, (digits) => digits.padStart(8, '0'));
  batches.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return batches.length > 0 ? batches : null;
}

/** @throws UserError, naming the batch, where one is not what CIFAR-10 says it is. */
export function listCifar(path: string, batches: StoredFile[]): Listing {
  if (batches.some(({ zip }) => zip)) {
    throw new UserError(
      `${path} holds CIFAR-10 batches inside of a zip file, where they cannot be read by position.`,
      'Unpack it and give the folder, or use the original .tar.gz.',
    );
  }
  const read = batches.map((batch) =>
    batch.name.endsWith('.bin') ? readBinary(path, batch) : readPython(path, batch),
  );
  const labels = read.flatMap((batch) => batch.labels);
  const trainCount = batches.reduce(
    (sum, { name }, i) => (isTest(name) ? sum : sum + read[i].labels.length),
    0,
  );
  return {
    items: read.flatMap((batch) => batch.items),
    labels,
    classes: CLASSES,
    trainCount: trainCount > 0 && trainCount < labels.length ? trainCount : null,
    skipped: [],
    notes: [],
  };
}

function isTest(name: string): boolean {
  return /(^|\/)test_batch/.test(name);
}

function readBinary(path: string, batch: StoredFile): Batch {
  if (batch.length === 0 || batch.length % RECORD_BYTES !== 0) {
    throw malformed(path, batch, `${batch.length} bytes is not a multiple of ${RECORD_BYTES}, one image`);
  }
  const bytes = bytesOf(batch);
  const count = bytes.length / RECORD_BYTES;
  return {
    items: Array.from({ length: count }, (_, i) =>
      planes(batch, `${batch.name}/${String(i).padStart(5, '0')}`, i * RECORD_BYTES + 1),
    ),
    labels: Array.from({ length: count }, (_, i) => checkedLabel(path, batch, bytes[i * RECORD_BYTES], i)),
  };
}

function readPython(path: string, batch: StoredFile): Batch {
  const bytes = bytesOf(batch);
  let pickled;
  try {
    pickled = readPickle(bytes);
  } catch (error) {
    throw malformed(path, batch, messageOf(error));
  }
  const data = pickled instanceof Map ? pickled.get('data') : null;
  const labels = pickled instanceof Map ? pickled.get('labels') : null;
  if (!(data instanceof ByteArray) || !Array.isArray(labels)) {
    throw malformed(path, batch, 'it holds no "data" array with "labels"');
  }
  if (data.shape[0] !== labels.length || data.bytes.length !== labels.length * PLANES_BYTES) {
    throw malformed(path, batch, `${labels.length} labels for an array of shape [${data.shape.join(', ')}]`);
  }
  const start = data.bytes.byteOffset - bytes.byteOffset;
  return {
    items: labels.map((_, i) =>
      planes(batch, `${batch.name}/${String(i).padStart(5, '0')}`, start + i * PLANES_BYTES),
    ),
    labels: labels.map((label, i) => checkedLabel(path, batch, label, i)),
  };
}

function planes(batch: StoredFile, name: string, start: number): Item {
  return {
    name,
    file: batch.file,
    offset: batch.offset + start,
    length: PLANES_BYTES,
    zip: null,
    encoding: 'planes',
  };
}

function checkedLabel(path: string, batch: StoredFile, label: unknown, image: number): number {
  if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label < CLASSES.length)
    return label;
  throw malformed(
    path,
    batch,
    `image ${image} has the label ${String(label)}; expected 0 to ${CLASSES.length - 1}`,
  );
}

function bytesOf(batch: StoredFile): Buffer {
  const bytes = Buffer.alloc(batch.length);
  const fd = openSync(batch.file, 'r');
  try {
    readSync(fd, bytes, 0, batch.length, batch.offset);
  } finally {
    closeSync(fd);
  }
  return bytes;
}

function malformed(path: string, batch: StoredFile, detail: string): UserError {
  return new UserError(
    `${batch.name} in ${path} is not a batch of CIFAR-10: ${detail}.`,
    'Download it again from https://www.cs.toronto.edu/~kriz/cifar.html (binary or Python version).',
  );
}
