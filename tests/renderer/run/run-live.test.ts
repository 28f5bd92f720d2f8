/** src/renderer/pages/run/run-live.svelte.ts */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { emptyCurve } from '../../../src/renderer/charts/merge-curves';
import { RunLive, type RunSource } from '../../../src/renderer/pages/run/run-live.svelte';
import { encodeCurve, type Curve } from '../../../src/shared/api/files';
import type { RunDetail } from '../../../src/shared/api/runs';
import { exampleDetail } from './example-detail';

const curveOf = (steps: number[], value = (step: number) => step): Curve => {
  const all = Float64Array.from(steps);
  const values = all.map(value);
  return {
    ...emptyCurve(),
    step: all,
    epoch: all.map((step) => step / 10),
    time: all.map((step) => step * 100),
    min: values,
    max: values,
    mean: values,
    last: values,
  };
};
const metrics = (name: string, ...steps: number[]) => ({
  type: 'metrics' as const,
  run: 'a',
  groups: [
    {
      names: [name],
      steps,
      epochs: steps.map((s) => s / 10),
      times: steps.map((s) => s * 100),
      values: [steps],
    },
  ],
});

let detail: RunDetail;
let curves: Record<string, Curve>;
let asked: string[];
let source: RunSource;

beforeEach(() => {
  detail = exampleDetail();
  curves = { loss: curveOf([1, 2, 3]), knn: curveOf([3]) };
  asked = [];
  source = {
    get: vi.fn(() => Promise.resolve(detail)),
    curve: (url) => {
      asked.push(url);
      const name = new URL(url, 'http://host').searchParams.get('name')!;
      return Promise.resolve(encodeCurve(curves[name]).buffer);
    },
    problemOf: (error) => ({ message: (error as Error).message, hint: null, missing: false }),
  };
});

const loaded = async () => {
  const live = new RunLive('a', source);
  await live.load();
  return live;
};

describe('pictures', () => {
  test('are those of the run, and the newer ones that are told', async () => {
    const live = await loaded();
    expect(live.pictures).toEqual(detail.pictures);
    const pictures = [...detail.pictures, { step: 9, captions: ['original', 'reconstruction'] }];
    live.apply({ type: 'pictures', run: 'a', pictures }, detail.seq + 1);
    expect(live.pictures).toEqual(pictures);
  });
});

describe('loading', () => {
  test('everything is there, each curve in parts that suffice for a screen', async () => {
    const live = await loaded();
    expect(live.phase).toBe('ready');
    expect(Object.keys(live.curves)).toEqual(['loss', 'knn']);
    expect([...live.curves.loss.step]).toEqual([1, 2, 3]);
    expect(asked).toEqual([
      '/data/runs/a/curve?name=loss&parts=2000',
      '/data/runs/a/curve?name=knn&parts=2000',
    ]);
  });

  test('what is told meanwhile is applied after, and only what the answer does not include', async () => {
    const live = new RunLive('a', source);
    const load = live.load();
    live.apply(metrics('loss', 3, 4), detail.seq + 1);
    live.apply({ type: 'log', run: 'a', lines: [{ time: 1, source: 'info', text: 'old' }] }, detail.seq);
    await load;
    expect([...live.curves.loss.step]).toEqual([1, 2, 3, 4]);
    expect(live.log.map(({ text }) => text)).toEqual(detail.log.map(({ text }) => text));
  });

  test('a failure is told; a missing run is another thing', async () => {
    source.get = () => Promise.reject(new Error('gone'));
    expect((await loaded()).phase).toBe('failed');
    source.problemOf = () => ({ message: 'no such run', hint: null, missing: true });
    const missing = await loaded();
    expect([missing.phase, missing.problem?.message]).toEqual(['missing', 'no such run']);
  });

  test('the answer to an older load is dropped', async () => {
    const live = new RunLive('a', source);
    let answer: (detail: RunDetail) => void = () => undefined;
    source.get = () => new Promise((resolve) => (answer = resolve));
    const first = live.load();
    source.get = () => Promise.resolve({ ...detail, row: { ...detail.row, name: 'new' } });
    await live.load();
    answer({ ...detail, row: { ...detail.row, name: 'old' } });
    await first;
    expect(live.row?.name).toBe('new');
  });
});

describe('events', () => {
  test('points are appended, and a metric may be new', async () => {
    const live = await loaded();
    const before = live.curves;
    live.apply(metrics('loss', 4, 5), detail.seq + 1);
    live.apply(metrics('gradNorm', 5), detail.seq + 2);
    expect([...live.curves.loss.mean]).toEqual([1, 2, 3, 4, 5]);
    expect([...live.curves.gradNorm.step]).toEqual([5]);
    expect(live.curves).not.toBe(before);
    expect(live.curves.knn).toBe(before.knn);
  });

  test('what is known already is passed over, also when told twice', async () => {
    const live = await loaded();
    const lines = [{ time: 1, source: 'info' as const, text: 'once' }];
    live.apply({ type: 'log', run: 'a', lines }, detail.seq + 1);
    live.apply({ type: 'log', run: 'a', lines }, detail.seq + 1);
    live.apply({ type: 'log', run: 'a', lines }, detail.seq);
    expect(live.log.filter(({ text }) => text === 'once')).toHaveLength(1);
  });

  test('other runs are none of its business', async () => {
    const live = await loaded();
    live.apply({ ...metrics('loss', 9), run: 'b' }, detail.seq + 1);
    live.apply({ type: 'run-deleted', run: 'b' }, detail.seq + 2);
    expect([...live.curves.loss.step]).toEqual([1, 2, 3]);
    expect(live.phase).toBe('ready');
  });

  test('a resumed run forgets what came after its checkpoint, and is loaded anew', async () => {
    const live = await loaded();
    curves = { loss: curveOf([1, 2]), knn: curveOf([]) };
    detail = { ...detail, seq: detail.seq + 1, evaluations: [] };
    live.apply({ type: 'truncated', run: 'a', step: 2 }, detail.seq);
    expect([...live.curves.loss.step]).toEqual([1, 2]);
    expect(live.evaluations.every(({ step }) => step === null || step <= 2)).toBe(true);
    live.apply(metrics('loss', 3), detail.seq + 1);
    await vi.waitFor(() => expect([...live.curves.loss.step]).toEqual([1, 2, 3]));
    expect([...live.curves.knn.step]).toEqual([]);
  });

  test('row, progress, notes, checkpoints and evaluations', async () => {
    const live = await loaded();
    let seq = detail.seq;
    live.apply({ type: 'run', row: { ...detail.row, state: 'paused' } }, ++seq);
    expect(live.row?.state).toBe('paused');
    live.apply(
      { type: 'note', run: 'a', note: { time: 1, name: 'collapse', message: '!', data: {} } },
      ++seq,
    );
    expect(live.history.at(-1)?.name).toBe('collapse');
    live.apply({ type: 'checkpoints', run: 'a', checkpoints: [] }, ++seq);
    expect(live.checkpoints).toEqual([]);
    const evaluation = { id: 99, kind: 'knn', step: 3, time: 1, data: {} };
    live.apply({ type: 'evaluation', run: 'a', evaluation }, ++seq);
    live.apply({ type: 'evaluation', run: 'a', evaluation }, ++seq);
    expect(live.evaluations.filter(({ id }) => id === 99)).toHaveLength(1);
    live.apply({ type: 'run-deleted', run: 'a' }, seq + 1);
    expect(live.phase).toBe('missing');
  });

  test('when it ends it is loaded anew: how it ended stands in no event', async () => {
    const live = await loaded();
    detail = { ...detail, exitCode: 1, seq: detail.seq + 1 };
    live.apply({ type: 'progress', run: 'a', progress: null }, detail.seq);
    await vi.waitFor(() => expect(live.detail?.exitCode).toBe(1));
  });

  test('after a reset all is loaded anew', async () => {
    const live = await loaded();
    detail = { ...detail, row: { ...detail.row, name: 'renamed' }, seq: 3 };
    live.apply({ type: 'reset' }, 0);
    await vi.waitFor(() => expect(live.row?.name).toBe('renamed'));
  });

  test('the log stays bounded', async () => {
    const live = await loaded();
    const lines = Array.from({ length: 3000 }, (_, time) => ({
      time,
      source: 'stdout' as const,
      text: String(time),
    }));
    live.apply({ type: 'log', run: 'a', lines }, detail.seq + 1);
    expect(live.log).toHaveLength(2000);
    expect(live.log.at(-1)?.text).toBe('2999');
  });
});

describe('zooming', () => {
  const long = Array.from({ length: 2000 }, (_, index) => (index + 1) * 500);

  test('finer parts of coarse curves are fetched for a little more than the range, and go away with it', async () => {
    curves = { loss: curveOf(long), knn: curveOf([3]) };
    const live = await loaded();
    asked = [];
    curves.loss = curveOf([10_000, 10_001, 10_002]);
    await live.zoom({ from: 10_000, to: 20_000 });
    expect(asked).toEqual(['/data/runs/a/curve?name=loss&parts=2000&from=5000&to=25000']);
    expect(live.curves.loss.step.length).toBe(2002);
    live.apply(metrics('loss', 1_000_500), detail.seq + 1);
    expect(live.curves.loss.step.length).toBe(2003);
    await live.zoom(null);
    expect(live.curves.loss.step.length).toBe(2001);
  });

  test('the answer to an older zoom is dropped', async () => {
    curves = { loss: curveOf(long), knn: curveOf([3]) };
    const live = await loaded();
    const answers: (() => void)[] = [];
    source.curve = () =>
      new Promise((resolve) => answers.push(() => resolve(encodeCurve(curveOf([600, 601])).buffer)));
    const first = live.zoom({ from: 500, to: 900 });
    const second = live.zoom(null);
    answers.forEach((answer) => answer());
    await Promise.all([first, second]);
    expect(live.curves.loss.step.length).toBe(2000);
  });
});
