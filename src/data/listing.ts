/** From the files of a source to the images of a data set. */
import { UserError } from '../shared/errors';
import { cifarBatches, listCifar } from './cifar';
import { describeExtensions, isHiddenName, isImageName } from './formats';
import { layOut } from './layout';
import { listStl10, stl10Parts } from './stl10';
import type { Listing, Skipped, StoredFile } from './source';

/**
 * @param path the source, for messages.
 * @param skipped what the source itself had to leave out.
 * @throws UserError where there is no image, or a CIFAR batch is malformed.
 */
export function listImages(path: string, files: StoredFile[], skipped: Skipped[]): Listing {
  const visible = files.filter(({ name }) => !isHiddenName(name));
  const batches = cifarBatches(visible);
  if (batches) return { ...listCifar(path, batches), skipped };
  const stl10 = stl10Parts(visible);
  if (stl10) return { ...listStl10(path, stl10), skipped };
  const images = visible.filter(({ name }) => isImageName(name));
  if (images.length === 0) throw noImages(path, visible, skipped);
  const layout = layOut(images.map(({ name }) => name));
  return {
    items: layout.order.map((position) => ({ ...images[position], encoding: 'image' })),
    labels: layout.labels,
    classes: layout.classes,
    trainCount: layout.trainCount,
    notes: layout.notes,
    skipped: [...skipped],
  };
}

function noImages(path: string, files: StoredFile[], skipped: Skipped[]): UserError {
  const found =
    files.length > 0
      ? `it holds ${describeExtensions(files.map(({ name }) => name))}`
      : skipped.length > 0
        ? `nothing in it could be read, e.g. ${skipped[0].path} (${skipped[0].reason})`
        : 'it is empty';
  return new UserError(
    `No images in ${path}: ${found}.`,
    'Give a folder or archive with jpg, png, webp, avif, tiff or gif images, in sub-folders per class where they ' +
      'are labelled, or a CIFAR-10 or STL-10 archive.',
  );
}
