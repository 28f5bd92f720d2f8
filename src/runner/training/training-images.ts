/** Which images of a data set are trained on. */
import type { ImageSet } from '../../data';
import { UserError } from '../../shared/errors';
import type { RunConfig } from '../../shared/run-config';

/** All training images, or the subset that is asked for; only labelled ones where the method needs labels. */
export function chooseTraining(
  dataset: ImageSet,
  config: Pick<RunConfig, 'method' | 'data' | 'seed'>,
  needsLabels: boolean,
): Uint32Array {
  const { subset, subsetFrom, labelsPerClass, labelShare, path } = config.data;
  if (needsLabels && !dataset.classes)
    throw new UserError(
      `The method "${config.method}" needs labels, and ${path} has none`,
      'Sort the images into one folder per class, or choose a method without labels, such as simclr.',
    );
  const chosen =
    labelsPerClass !== null
      ? dataset.balancedSubset(labelsPerClass, config.seed)
      : labelShare !== null
        ? dataset.shareOfClasses(labelShare, config.seed)
        : subset !== null
          ? dataset.subset(subset, config.seed, subsetFrom)
          : dataset.train;
  return needsLabels ? labelledOf(dataset, chosen) : chosen;
}

/** Those that have a class. */
export function labelledOf({ labels }: ImageSet, indices: Uint32Array): Uint32Array {
  return labels ? indices.filter((index) => labels[index] >= 0) : new Uint32Array();
}
