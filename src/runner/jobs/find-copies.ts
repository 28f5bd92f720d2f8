/** Looks for all pairs of copies in an embedding set, after measuring what a score means there. */
import { join } from 'node:path';
import { scoreAt, thresholdsOf } from '../../explorer/copies/calibrate';
import { measureSet, type SetScores } from '../../explorer/copies/check';
import { calibrationFile, calibrationText, type Calibration } from '../../explorer/copies/files';
import { findPairs } from '../../explorer/copies/find-pairs';
import { readSet, type SetRows } from '../../explorer/set-files';
import { messageOf, UserError } from '../../shared/errors';
import { encodePairs, MAX_PAIRS, PAIRS_FILE, type CopiesFound } from '../../shared/explorer/copies';
import type { JobOf } from '../../shared/protocol';
import { writeAtomically } from '../atomic-write';
import { deviceProducts } from '../copies/device-products';
import { trySynthetic } from '../copies/try-synthetic';
import { openJobDevice } from '../device';
import { openSetEncoder } from '../encoders/set-encoder';
import type { JobContext, RunJob } from '../job';
import { reportWork } from '../report-work';

type Job = JobOf<'find-copies'>;

export const findCopies: RunJob<'find-copies'> = async (job, context): Promise<CopiesFound> => {
  const { folder, threads } = job;
  const set = readSet(folder);
  const rows = { data: set.vectors, size: set.manifest.size };
  const scores = await measureSet(rows, {
    threads,
    onQueries: reportWork('Measuring what a score means here', 'images', context),
  });
  const calibration = { ...scores, ...(await synthetic(set, scores, job, context)) };
  await writeAtomically(calibrationFile(folder), [Buffer.from(calibrationText(calibration))]);
  const device = await openJobDevice({ device: job.device, threads, lowMemory: false }, context);
  const { products, dispose } = deviceProducts(device);
  try {
    const { floor, ...pairs } = await findPairs(rows, {
      floor: floorOf(calibration),
      limit: MAX_PAIRS,
      products,
      onBlock: reportWork('Comparing all pairs', 'pairs', context),
    });
    await writeAtomically(join(folder, PAIRS_FILE), [encodePairs(pairs)]);
    const suggested = scores.cosine && Math.max(floor, thresholdsOf(scores.cosine).likely);
    return { pairs: pairs.score.length, floor, suggested };
  } finally {
    await dispose();
    await device.dispose();
  }
};

async function synthetic(
  set: SetRows,
  scores: SetScores,
  { folder, encoder, cacheDirectory, threads }: Job,
  context: JobContext,
): Promise<Pick<Calibration, 'synthetic' | 'reason'>> {
  if (set.images.length === 0) return { synthetic: null, reason: 'the set is empty.' };
  if ('missing' in encoder) return { synthetic: null, reason: encoder.missing };
  try {
    const opened = await openSetEncoder(folder, encoder, { device: 'cpu', threads, batchSize: 1 });
    try {
      const found = await trySynthetic(set, scores, opened, { cacheDirectory, threads }, context);
      return { synthetic: found, reason: null };
    } finally {
      await opened.dispose();
    }
  } catch (error) {
    // Pairs can be found without; the reason is told with the calibration.
    if (!(error instanceof UserError)) throw error;
    context.channel.log('warning', `No synthetic copies were tried: ${messageOf(error)}`);
    return { synthetic: null, reason: messageOf(error) };
  }
}

/** Where nothing is known of a set. */
const USUAL_FLOOR = 0.5;

/**
 * Low enough that a slider may go below what is called likely: where one image in four would have a false pair, or
 * where nine of ten synthetic copies are found, whichever is lower.
 */
function floorOf({ cosine, synthetic: tried }: Pick<Calibration, 'cosine' | 'synthetic'>): number {
  const floors = [cosine && scoreAt(cosine, 0.75), tried && tried.lowCosine].filter(
    (floor) => floor !== null,
  );
  return Math.max(-1, Math.min(0.999, ...(floors.length > 0 ? floors : [USUAL_FLOOR])));
}
