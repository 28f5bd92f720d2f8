/**
 * Roll-ups of curves: blocks of 32 and of 1024 steps in one row each, kept true beside the points, so that a long
 * curve is drawn from few rows.
 */
import type { MetricPoint } from '../../shared/protocol';
import type { Db } from './database';

/** Steps that a block covers: block b holds those from b * width on. */
export const BLOCK_WIDTHS = [32, 1024] as const;

interface Block {
  points: number;
  nans: number;
  min: number | null;
  max: number | null;
  /** Of the points that are not NaN; NaN where infinities cancel out. */
  sum: number;
  last: MetricPoint;
}

export class MetricBlocks {
  private readonly merge;
  private readonly deleteFrom;
  private readonly rebuildOne;

  constructor(db: Db) {
    this.merge = db.prepare(
      `INSERT INTO metric_blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET points = points + excluded.points, nans = nans + excluded.nans,
         min = min(coalesce(min, excluded.min), coalesce(excluded.min, min)),
         max = max(coalesce(max, excluded.max), coalesce(excluded.max, max)), sum = sum + excluded.sum,
         last_step = excluded.last_step, last_epoch = excluded.last_epoch, last_time = excluded.last_time,
         last_value = excluded.last_value`,
    );
    this.deleteFrom = db.prepare(
      'DELETE FROM metric_blocks WHERE series = :series AND width = :width AND block >= :block',
    );
    this.rebuildOne = db.prepare(
      `REPLACE INTO metric_blocks
         SELECT :series, :width, :block, part.*, metrics.epoch, metrics.time, metrics.value FROM (
           SELECT count(*), count(*) - count(value), min(value), max(value), total(value), max(step) AS last_step
           FROM metrics WHERE series = :series AND step >= :block * :width AND step < (:block + 1) * :width
         ) AS part JOIN metrics ON metrics.series = :series AND metrics.step = part.last_step`,
    );
  }

  /** Adds points in the order of their steps, all of them after the last point of the series. */
  append(series: number, points: readonly MetricPoint[]): void {
    for (const width of BLOCK_WIDTHS) {
      for (const [block, { points: count, nans, min, max, sum, last }] of blocksOf(points, width)) {
        const { step, epoch, time, value } = last;
        this.merge.run(series, width, block, count, nans, min, max, sum, step, epoch, time, value);
      }
    }
  }

  /** Computes the blocks that hold these steps anew, after points were added, replaced or deleted there. */
  rebuild(series: number, steps: readonly number[]): void {
    for (const width of BLOCK_WIDTHS) {
      for (const block of new Set(steps.map((step) => Math.floor(step / width)))) {
        this.rebuildOne.run({ series, width, block });
      }
    }
  }

  /** To be called after the points with a step above `step` were deleted. */
  truncateAfter(series: number, step: number): void {
    for (const width of BLOCK_WIDTHS) {
      this.deleteFrom.run({ series, width, block: Math.max(0, Math.floor(step / width)) });
    }
    if (step >= 0) this.rebuild(series, [step]);
  }
}

function blocksOf(points: readonly MetricPoint[], width: number): Map<number, Block> {
  const blocks = new Map<number, Block>();
  for (const point of points) {
    const number = Math.floor(point.step / width);
    let block = blocks.get(number);
    if (!block) {
      block = { points: 0, nans: 0, min: null, max: null, sum: 0, last: point };
      blocks.set(number, block);
    }
    block.points++;
    block.last = point;
    if (Number.isNaN(point.value)) {
      block.nans++;
      continue;
    }
    block.sum += point.value;
    if (block.min === null || point.value < block.min) block.min = point.value;
    if (block.max === null || point.value > block.max) block.max = point.value;
  }
  return blocks;
}
