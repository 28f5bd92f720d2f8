/** Reads a curve in parts of equal width in steps, from the points or the coarsest blocks that give it exactly. */
import type { Curve } from '../../shared/api/files';
import type { Db } from './database';
import { BLOCK_WIDTHS } from './metric-blocks';

/** Rows that may be read for each part that is asked for: what a part costs. */
const ROWS_PER_PART = 16;

/** Steps, both ends included. */
export interface StepRange {
  from: number;
  to: number;
}

/** How a curve is cut: part p holds the steps from p * width on, whatever range is looked at. */
export interface Cut {
  /** Steps of a part. */
  width: number;
  /** What it is read from: 1 for the points themselves, else a width of blocks, of which `width` is a multiple. */
  level: number;
}

/**
 * At most `parts` parts (and at least 2 may come) for `range`.
 * @param points about how many points lie in the range.
 */
export function cutFor(range: StepRange, points: number, parts: number): Cut {
  const span = Math.max(1, range.to - range.from + 1);
  const atMost = Math.max(2, Math.trunc(parts));
  const rows = (level: number) => Math.min(points, span / level);
  const level =
    [1, ...BLOCK_WIDTHS].find((width) => rows(width) <= ROWS_PER_PART * atMost) ?? BLOCK_WIDTHS[1];
  // A range of `span` steps touches at most (span - 1) / width + 1 parts, rounded up.
  const width = Math.max(1, Math.ceil((span - 1) / (atMost - 1)));
  return { width: Math.ceil(width / level) * level, level };
}

export class CurveReader {
  private readonly fromPoints;
  private readonly fromBlocks;
  private readonly series;

  constructor(db: Db) {
    this.fromPoints = db
      .prepare(
        `SELECT step, epoch, time, value, part.min, part.max, part.sum / part.numbers FROM (
           SELECT max(step) AS last, count(value) AS numbers, min(value) AS min, max(value) AS max,
             total(value) AS sum
           FROM metrics WHERE series = :series AND step >= :from AND step < :end GROUP BY step / :width
         ) AS part JOIN metrics ON series = :series AND step = part.last
         ORDER BY part.last`,
      )
      .raw();
    this.fromBlocks = db
      .prepare(
        `SELECT last_step, last_epoch, last_time, last_value, part.min, part.max, part.sum / part.numbers FROM (
           SELECT max(block) AS last, sum(points) - sum(nans) AS numbers, min(min) AS min, max(max) AS max,
             iif(count(sum) = count(*), total(sum), NULL) AS sum
           FROM metric_blocks WHERE series = :series AND width = :level
             AND block >= :from / :level AND block < :end / :level GROUP BY block / (:width / :level)
         ) AS part JOIN metric_blocks
           ON series = :series AND width = :level AND block = part.last
         ORDER BY part.last`,
      )
      .raw();
    this.series = db
      .prepare(
        `SELECT id, points, (SELECT min(step) FROM metrics WHERE series = metric_series.id), last_step
         FROM metric_series WHERE run = ? AND name = ? AND points > 0`,
      )
      .raw();
  }

  /**
   * Parts without points are left out; NaN where a part has no number. Where the curve is long there may be fewer
   * parts than asked for, never more; the first and last one are whole and may reach out of `range`.
   * @returns empty columns where there is no such curve.
   */
  read(run: string, name: string, parts: number, range?: StepRange): Curve {
    const found = this.series.get(run, name) as [number, number, number, number] | undefined;
    if (!found) return toCurve([]);
    const [series, points, first, last] = found;
    const { from, to } = range ?? { from: first, to: last };
    if (to < from) return toCurve([]);
    const covered = Math.max(0, Math.min(to, last) - Math.max(from, first) + 1) / (last - first + 1);
    const { width, level } = cutFor({ from, to }, points * covered, parts);
    // BigInt binds as INTEGER, which makes divisions whole ones.
    const bounds = {
      series,
      width: BigInt(width),
      from: BigInt(Math.floor(from / width) * width),
      end: BigInt((Math.floor(to / width) + 1) * width),
    };
    return toCurve(
      level === 1 ? this.fromPoints.all(bounds) : this.fromBlocks.all({ ...bounds, level: BigInt(level) }),
    );
  }
}

function toCurve(found: unknown[]): Curve {
  const rows = found as [step: number, ...(number | null)[]][];
  const column = (index: number) => Float64Array.from(rows, (row) => row[index] ?? NaN);
  const [step, epoch, time, last, min, max, mean] = [0, 1, 2, 3, 4, 5, 6].map(column);
  return { step, epoch, time, min, max, mean, last };
}
