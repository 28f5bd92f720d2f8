/** `selvedge data check`: decodes everything once and says what is there. */
import type { RunJob } from '../job';
import { openData } from '../open-data';

export const dataCheck: RunJob<'data-check'> = async ({ data }, context) => {
  const { imageSize, cacheDirectory } = data;
  const dataset = await openData(data.path, { imageSize, cacheDirectory }, context);
  try {
    return { ...dataset.summary(), path: dataset.source.path, kind: dataset.source.kind };
  } finally {
    dataset.close();
  }
};
