/** Whether an image is a copy of something in a set: its nearest rows with normalized scores and a verdict each. */
import type * as z from 'zod';
import { scaleOf, verdictOf } from '../../explorer/copies/calibrate';
import { copyCandidates, measureSet, type SetScores } from '../../explorer/copies/check';
import { chooseScore } from '../../explorer/copies/choose-score';
import { explainCalibration, type Explained } from '../../explorer/copies/explain';
import { readCalibration } from '../../explorer/copies/files';
import { UserError } from '../../shared/errors';
import type { SearchAnswer, searchRequests } from '../../shared/explorer/requests';
import type { Searcher } from './answer-query';
import type { OpenSet, OpenSets } from './open-sets';
import type { QueryImages } from './query-images';

type CheckRequest = z.output<(typeof searchRequests)['check-copy']['payload']>;

/** A run may be training on the other cores. */
const THREADS = 2;

export class CopyChecker {
  /** As long as the set is kept open: it is opened anew when its files change. */
  private readonly measured = new WeakMap<OpenSet, Promise<SetScores>>();

  constructor(
    private readonly sets: OpenSets,
    private readonly images: QueryImages,
    private readonly searcher: Searcher,
  ) {}

  /** @throws UserError where the image cannot be embedded by the set's encoder, or the set is empty. */
  async check({ set: source, image, k }: CheckRequest): Promise<SearchAnswer<'check-copy'>> {
    const set = this.sets.open(source);
    if (set.images.length === 0)
      throw new UserError(
        'There is nothing in this set to compare with.',
        'Embed some images first.',
        'usage',
      );
    const rows = { data: set.vectors, size: set.manifest.size };
    const vector = await this.searcher.vectorOf(image, set, { decode: 0, embed: 0 });
    const place = this.images.placeOf(image);
    const isInData = place?.dataPath === set.manifest.dataPath;
    const self = isInData ? set.images.findIndex(({ name }) => name === place.name) : -1;
    const query = { data: vector, size: rows.size };
    const options = { threads: THREADS };
    const calibration = await this.calibrationOf(set);
    const scale = scaleOf(calibration, chooseScore(calibration, calibration.synthetic));
    const about = { self: self < 0 ? null : self, k, ceiling: scale.sure };
    const candidates = await copyCandidates(rows, query, about, options);
    return {
      candidates: candidates.map(({ row, score, normalized }, at) => ({
        set: source.id,
        row,
        rank: at + 1,
        score: Math.max(-1, Math.min(1, score)),
        label: set.images[row].label,
        name: set.images[row].name,
        isQuery: false,
        normalized,
        verdict: verdictOf({ score, normalized }, scale),
      })),
      by: scale.by,
      thresholds: scale.thresholds,
      calibration: explainCalibration(calibration),
    };
  }

  /** As it was stored when copies were looked for; else measured now, which takes seconds once. */
  private async calibrationOf(set: OpenSet): Promise<Explained> {
    const stored = readCalibration(set.source.folder);
    if (stored) return stored;
    let measuring = this.measured.get(set);
    if (!measuring) {
      measuring = measureSet({ data: set.vectors, size: set.manifest.size }, { threads: THREADS });
      this.measured.set(set, measuring);
    }
    return { ...(await measuring), synthetic: null, reason: null };
  }
}
