/** `selvedge data check`: decodes everything once and says what is there. */
import type { DatasetSummary } from '../../data';
import type { DatasetReport } from '../../shared/api/datasets';
import type { RunJob } from '../job';
import { openData } from '../open-data';

export const dataCheck: RunJob<'data-check'> = async ({ data }, context) => {
  const { imageSize, cacheDirectory } = data;
  const dataset = await openData(data.path, { imageSize, cacheDirectory }, context);
  try {
    const summary = dataset.summary();
    const { formats, unlabelled } = summary;
    const { path, kind } = dataset.source;
    return { ...reportOf(summary), formats, unlabelled, path, kind };
  } finally {
    dataset.close();
  }
};

function reportOf(summary: DatasetSummary): DatasetReport {
  const { images, train, evaluation, ownSplit, classes, bytes, skipped, notes } = summary;
  const { width, height } = summary.sizes;
  return {
    images,
    classes,
    splits: ownSplit
      ? [
          { name: 'training', count: train },
          { name: 'evaluation', count: evaluation },
        ]
      : null,
    size: {
      minWidth: width.min,
      maxWidth: width.max,
      minHeight: height.min,
      maxHeight: height.max,
      medianWidth: width.median,
      medianHeight: height.median,
    },
    bytes,
    skipped,
    notes,
  };
}
