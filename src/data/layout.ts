/** From paths to meaning: which images are for training, which for evaluation, and what class each has. */

export interface Layout {
  /** Positions in the given names, in final order: training, then evaluation, each sorted by path. */
  order: number[];
  /** Labels in that order. */
  labels: number[] | null;
  classes: string[] | null;
  trainCount: number | null;
  notes: string[];
}

const TRAIN_NAMES = ['train', 'training'];
/** The first one present is the evaluation split. */
const EVALUATION_NAMES = ['test', 'testing', 'val', 'valid', 'validation'];

interface Image {
  position: number;
  /** Folders between the source's (or the split's) top and the image. */
  folders: string[];
  key: string;
}

/**
 * Folders that hold everything else are passed over ("archive/cifar10/..."). A `train` folder beside a `test` (or
 * `val`) folder is a split. The folders below are classes if there are at least two and not every one holds a
 * single image: **images are never counted as classes**. Depends on the names only, not on their order.
 * @param names paths with forward slashes, without duplicates.
 */
export function layOut(names: readonly string[]): Layout {
  const notes: string[] = [];
  const images = names.map((name, position) => ({
    position,
    folders: name.split('/').slice(0, -1),
    key: name.normalize('NFC'),
  }));
  images.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const parts = splitParts(dropCommonFolders(images), notes);
  const everything = dropCommonFolders([...parts.train, ...(parts.evaluation ?? [])]);
  const train = everything.slice(0, parts.train.length);
  const evaluation = everything.slice(parts.train.length);
  const classes = classNames(everything, notes);
  const labels = new Map(classes?.map((name, label) => [name, label]));
  const labelsOf = (part: Image[]) => part.map(({ folders }) => labels.get(folders[0]) ?? -1);
  const trainLabels = labelsOf(train);
  const evaluationLabels = labelsOf(evaluation);
  const useless =
    evaluation.length > 0 &&
    evaluationLabels.every((label) => label < 0) &&
    trainLabels.some((label) => label >= 0);
  if (useless) {
    notes.push(
      `The evaluation folder's ${evaluation.length} images have no classes while the training images do: they are ` +
        'left out, and a share of the training images is held out instead.',
    );
  }
  const hasSplit = parts.evaluation !== null && !useless;
  const kept = hasSplit ? everything : train;
  const keptLabels = hasSplit ? [...trainLabels, ...evaluationLabels] : trainLabels;
  const unlabelled = keptLabels.filter((label) => label < 0).length;
  if (classes && unlabelled > 0)
    notes.push(`${unlabelled} images lie outside of the class folders: no label.`);
  return {
    order: kept.map((image) => image.position),
    labels: classes ? keptLabels : null,
    classes,
    trainCount: hasSplit ? train.length : null,
    notes,
  };
}

/** Takes away the leading folders that all images share. */
function dropCommonFolders(images: Image[]): Image[] {
  if (images.length === 0) return images;
  let depth = 0;
  const first = images[0].folders;
  while (depth < first.length && images.every(({ folders }) => folders[depth] === first[depth])) depth++;
  return images.map((image) => ({ ...image, folders: image.folders.slice(depth) }));
}

function splitParts(images: Image[], notes: string[]): { train: Image[]; evaluation: Image[] | null } {
  const byFolder = new Map<string, Image[]>();
  for (const image of images) {
    const top = image.folders[0]?.toLowerCase() ?? '';
    const group = byFolder.get(top);
    if (group) group.push(image);
    else byFolder.set(top, [image]);
  }
  const trainName = TRAIN_NAMES.find((name) => byFolder.has(name));
  const evaluationName = EVALUATION_NAMES.find((name) => byFolder.has(name));
  if (!trainName || !evaluationName) return { train: images, evaluation: null };
  const used = new Set([trainName, evaluationName]);
  for (const [name, group] of byFolder) {
    if (used.has(name)) continue;
    const where = name === '' ? 'beside the folders' : `in ${name}/`;
    notes.push(
      `${group.length} images ${where} are not used: training takes ${trainName}/, evaluation ${evaluationName}/.`,
    );
  }
  const part = (name: string) =>
    (byFolder.get(name) ?? []).map((image) => ({ ...image, folders: image.folders.slice(1) }));
  return { train: part(trainName), evaluation: part(evaluationName) };
}

function classNames(images: Image[], notes: string[]): string[] | null {
  const counts = new Map<string, number>();
  for (const { folders } of images) {
    if (folders.length > 0) counts.set(folders[0], (counts.get(folders[0]) ?? 0) + 1);
  }
  if (counts.size < 2) return null;
  if ([...counts.values()].every((count) => count === 1)) {
    notes.push(
      `Each of the ${counts.size} folders holds one image: taken as unlabelled, not as ${counts.size} classes.`,
    );
    return null;
  }
  return [...counts.keys()].sort((a, b) => (a < b ? -1 : 1));
}
