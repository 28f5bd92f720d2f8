import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cutFor } from '../../../src/main/store/curves';
import { openDatabase, type Db } from '../../../src/main/store/database';
import { MetricStore } from '../../../src/main/store/metrics';
import { RunStore } from '../../../src/main/store/runs';
import { CURVE_COLUMNS, type Curve } from '../../../src/shared/api/files';
import type { MetricPoint } from '../../../src/shared/protocol';
import { fakeConfig } from '../helpers';

function emptyStore() {
  const db = openDatabase(':memory:', 'own');
  onTestFinished(() => void db.close());
  return { db, metrics: new MetricStore(db), run: new RunStore(db).create(fakeConfig()).id };
}

const point = (step: number, value: number, name = 'loss'): MetricPoint => ({
  name,
  step,
  epoch: step / 10,
  time: 1000 + step,
  value,
});
const values = (count: number): MetricPoint[] =>
  Array.from({ length: count }, (_, i) => point(i + 1, Math.sin(i * 12.9898) * (1 + (i % 97))));

/** Part by part from the points themselves. */
function expectExact(curve: Curve, points: readonly MetricPoint[], width: number): void {
  const parts = [...Map.groupBy(points, ({ step }) => Math.floor(step / width)).values()];
  expect(curve.step).toHaveLength(parts.length);
  parts.forEach((part, index) => {
    const numbers = part.map(({ value }) => value).filter((value) => !Number.isNaN(value));
    const last = part.at(-1)!;
    expect([curve.step[index], curve.epoch[index], curve.time[index], curve.last[index]]).toEqual([
      last.step,
      last.epoch,
      last.time,
      last.value,
    ]);
    expect(curve.min[index]).toBe(numbers.length ? Math.min(...numbers) : NaN);
    expect(curve.max[index]).toBe(numbers.length ? Math.max(...numbers) : NaN);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    expect(curve.mean[index]).toBeCloseTo(mean, 9);
  });
}

describe('cutFor', () => {
  const limits = [2, 3, 40, 333, 2000].flatMap((parts) =>
    [1, 7, 999, 12_345, 1_000_000, 70_000_000].flatMap((span) =>
      [0, 1, 1023, 777_777].map((from) => ({ parts, span, from })),
    ),
  );

  it('never gives more parts than asked for, and blocks that fill them', () => {
    for (const { parts, span, from } of limits) {
      const range = { from, to: from + span - 1 };
      const { width, level } = cutFor(range, span, parts);
      expect(Math.floor(range.to / width) - Math.floor(from / width) + 1).toBeLessThanOrEqual(parts);
      expect(width % level).toBe(0);
      if (level < 1024) expect(span / level).toBeLessThanOrEqual(parts * 16);
    }
  });

  it('reads the points themselves where there are few, however far apart', () => {
    expect(cutFor({ from: 0, to: 999_999 }, 250, 2000)).toEqual({ width: 501, level: 1 });
  });
});

describe('a curve', () => {
  it.each([
    ['points', 900, 1],
    ['blocks of 32', 5000, 32],
    ['blocks of 1024', 120_000, 1024],
  ])('is exact when read from %s', (_, count, level) => {
    const { metrics, run } = emptyStore();
    const points = values(count);
    points[17].value = NaN;
    points[count - 1].value = NaN;
    for (let i = 0; i < count; i += 5000) metrics.insert(run, points.slice(i, i + 5000));
    const cut = cutFor({ from: 1, to: count }, count, 60);
    expect(cut.level).toBe(level);
    expectExact(metrics.curve(run, 'loss', 60), points, cut.width);
  });

  it('has NaN where a part has no number, and infinities where they are', () => {
    const { metrics, run } = emptyStore();
    metrics.insert(run, [point(1, NaN), point(2, Infinity), point(3, -Infinity), point(4, 2)]);
    const { last, min, mean } = metrics.curve(run, 'loss', 10);
    expect([[...last], [...min], [...mean]]).toEqual([
      [NaN, Infinity, -Infinity, 2],
      [NaN, Infinity, -Infinity, 2],
      [NaN, Infinity, -Infinity, 2],
    ]);
    const spread = Array.from({ length: 3000 }, (_, i) =>
      point(i + 10, [1, Infinity, -Infinity, NaN][i % 4]),
    );
    metrics.insert(run, spread);
    const coarse = metrics.curve(run, 'loss', 4);
    expect([coarse.min[1], coarse.max[1], coarse.mean[1]]).toEqual([-Infinity, Infinity, NaN]);
  });

  it('covers the parts that a range touches, wherever it begins', () => {
    const { metrics, run } = emptyStore();
    metrics.insert(run, values(6));
    expect([...metrics.curve(run, 'loss', 100, { from: 2, to: 4 }).step]).toEqual([2, 3, 4]);
    expect([...metrics.curve(run, 'loss', 100, { from: 40, to: 90 }).step]).toEqual([]);
    metrics.insert(
      run,
      [point(90_000, 1), ...values(20_000)].toSorted((a, b) => a.step - b.step),
    );
    const near = metrics.curve(run, 'loss', 50, { from: 3000, to: 9000 });
    const moved = metrics.curve(run, 'loss', 50, { from: 3050, to: 9050 });
    expect(near.step.length).toBeGreaterThan(30);
    expect([...moved.mean.slice(0, 30)].every((mean) => near.mean.includes(mean))).toBe(true);
  });

  it('is empty where there is none', () => {
    const { metrics, run } = emptyStore();
    const none = Object.fromEntries(CURVE_COLUMNS.map((column) => [column, new Float64Array()]));
    expect(metrics.curve(run, 'none', 10)).toEqual(none);
    expect(metrics.curve('none', 'loss', 10)).toEqual(none);
  });

  it('follows points that are replaced, come late, or are truncated', () => {
    const { metrics, run } = emptyStore();
    const truth = new Map<number, MetricPoint>();
    const put = (points: MetricPoint[]) => {
      metrics.insert(run, points);
      for (const one of points) truth.set(one.step, one);
    };
    put(values(6000));
    put([point(1500, 999), point(33, NaN), point(6001, -5)]);
    put([point(9000, 7)]);
    put([point(7000, -777)]);
    const check = (parts: number) => {
      const points = [...truth.values()].sort((a, b) => a.step - b.step);
      const range = { from: points[0].step, to: points.at(-1)!.step };
      const cut = cutFor(range, points.length, parts);
      expectExact(metrics.curve(run, 'loss', parts), points, cut.width);
      const numbers = points.filter(({ value }) => !Number.isNaN(value));
      const lowest = numbers.reduce((a, b) => (b.value < a.value ? b : a));
      const highest = numbers.reduce((a, b) => (b.value > a.value ? b : a));
      expect(metrics.summaries(run)[0]).toMatchObject({
        points: points.length,
        lastStep: range.to,
        last: points.at(-1)!.value,
        min: lowest.value,
        minStep: lowest.step,
        max: highest.value,
        maxStep: highest.step,
      });
    };
    [20, 2000].forEach(check);
    metrics.truncateAfter(run, 5000);
    for (const step of truth.keys()) if (step > 5000) truth.delete(step);
    [20, 2000].forEach(check);
    put(values(5100).slice(5000));
    [20, 2000].forEach(check);
    metrics.truncateAfter(run, -1);
    expect(metrics.curve(run, 'loss', 20).step).toHaveLength(0);
  });
});

describe('a run with a million points and more', () => {
  let db: Db;
  let metrics: MetricStore;
  let run: string;
  const names = Array.from({ length: 10 }, (_, i) => `curve ${i}`);

  beforeAll(() => {
    db = openDatabase(':memory:', 'own');
    metrics = new MetricStore(db);
    run = new RunStore(db).create(fakeConfig()).id;
    const create = db.prepare(
      'INSERT INTO metric_series (run, name, points, last_step) VALUES (:run, :name, :points, :points)',
    );
    // The value of a point is its step, so that blocks can be written down without reading points.
    const numbers = 'WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)';
    const fill = db.prepare(
      `INSERT INTO metrics ${numbers} SELECT :id, i, i / 391.0, i, i FROM n WHERE i > 0`,
    );
    const rollUp = db.prepare(
      `INSERT INTO metric_blocks ${numbers}
         SELECT :id, :width, i, last - first + 1, 0, first, last, (first + last) * (last - first + 1) / 2.0,
           last, last / 391.0, last, last
         FROM (SELECT i, max(1, i * :width) AS first, min(:points, (i + 1) * :width - 1) AS last FROM n)`,
    );
    db.transaction(() => {
      for (const [name, points] of [
        ...names.map((name) => [name, 100_000] as const),
        ['long', 1_000_000] as const,
      ]) {
        const id = create.run({ run, name, points }).lastInsertRowid;
        fill.run({ id, last: points });
        for (const width of [32, 1024]) {
          rollUp.run({ id, width: BigInt(width), points, last: Math.floor(points / width) });
        }
      }
    })();
  }, 60_000);
  afterAll(() => void db.close());

  /** Milliseconds of processor time, the best of three. */
  const cost = (work: () => void): number =>
    Math.min(
      ...Array.from({ length: 3 }, () => {
        const start = process.cpuUsage();
        work();
        return process.cpuUsage(start).user / 1000;
      }),
    );

  it('gives ten curves of 100,000 points in a fraction of a second', () => {
    const all = () => {
      for (const name of names) {
        const { step, mean } = metrics.curve(run, name, 2000);
        expect(step.length).toBeGreaterThan(1000);
        expect(mean[5]).toBe((step[4] + 1 + step[5]) / 2);
      }
    };
    expect(cost(all)).toBeLessThan(400);
  });

  it('gives one curve of a million points in a fraction of a second, and any range of it', () => {
    expect(metrics.curve(run, 'long', 2000).step.length).toBeGreaterThan(950);
    expect(cost(() => metrics.curve(run, 'long', 2000))).toBeLessThan(200);
    for (const [from, to] of [
      [200_000, 300_000],
      [500_000, 530_000],
      [999_000, 1_000_000],
    ]) {
      expect(metrics.curve(run, 'long', 2000, { from, to }).step.length).toBeGreaterThan(950);
      expect(cost(() => metrics.curve(run, 'long', 2000, { from, to }))).toBeLessThan(200);
    }
  });

  it('goes back to an earlier step, and replaces a point, without reading them all', () => {
    const start = process.cpuUsage();
    metrics.truncateAfter(run, 999_000);
    metrics.insert(run, [point(77, -5, 'long')]);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(200);
    expect(metrics.summaries(run).find(({ name }) => name === 'long')).toMatchObject({
      points: 999_000,
      last: 999_000,
      min: -5,
      minStep: 77,
      max: 999_000,
      maxStep: 999_000,
    });
  });
});
