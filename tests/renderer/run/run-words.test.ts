/** Words and small derivations of the run page: progress, actions, advice, breaks, log, load. */
import { describe, expect, test } from 'vitest';
import { resumeTitle } from '../../../src/renderer/pages/run/resume-title';
import { collapseAdvice, collapseReason } from '../../../src/renderer/pages/run/collapse-advice';
import { loadCurves } from '../../../src/renderer/pages/run/load-curves';
import { filterLog, logText } from '../../../src/renderer/pages/run/log-filter';
import { progressParts, shareDone } from '../../../src/renderer/pages/run/progress-text';
import { trainingBreaks } from '../../../src/renderer/pages/run/training-breaks';
import { emptyCurve } from '../../../src/renderer/charts/merge-curves';
import type { Progress } from '../../../src/shared/api/runs';
import { exampleDetail } from './example-detail';

const { row, config, checkpoints } = exampleDetail();
const training: Progress = {
  phase: 'training',
  done: 3,
  total: 400,
  rate: 140.4,
  secondsLeft: 200,
  epoch: 0.3,
  epochs: 10,
};
const said = (...parameters: Parameters<typeof progressParts>) =>
  progressParts(...parameters).map(({ label, text, unit }) => [label, text, unit].filter(Boolean).join(' '));

describe('progress', () => {
  test('of a run in training', () => {
    expect(said({ ...row, trainedFor: 65_000 }, training)).toEqual([
      'Training',
      'epoch 0.30 / 10',
      'step 3',
      '140 images/s',
      'trained for 1 min 5 s',
      '3 min 20 s left',
    ]);
    expect(shareDone(row, training)).toBeCloseTo(0.03);
  });

  test('of other phases, with their own share', () => {
    const decoding = {
      ...training,
      phase: 'decoding' as const,
      done: 50,
      total: 200,
      rate: null,
      secondsLeft: null,
    };
    expect(said({ ...row, step: 0, trainedFor: 0 }, decoding)).toEqual(['Reading images 25 %']);
    expect(shareDone(row, decoding)).toBe(0.25);
    expect(shareDone(row, { ...decoding, phase: 'compiling' })).toBeNull();
  });

  test('of a paused, a queued and an ended run', () => {
    expect(said({ ...row, state: 'paused' }, training)[0]).toBe('Paused');
    expect(said({ ...row, state: 'queued', queuePlace: 2, step: 0, trainedFor: 0 }, null)).toEqual([
      'Number 2 in the queue',
    ]);
    const ended = said(
      { ...row, state: 'done', step: 400, epoch: 10, endedAt: Date.UTC(2026, 10, 3, 12) },
      null,
    );
    expect(ended.at(-1)).toMatch(/^ended 3 Nov 2026, /);
    expect(shareDone({ ...row, state: 'done', epoch: 9.99 }, null)).toBe(1);
  });
});

test('resuming says from where', () => {
  expect(resumeTitle(checkpoints)).toBe('Resume from step 2');
  expect(resumeTitle([checkpoints[0], { ...checkpoints[0], step: 4200 }])).toBe('Resume from step 4,200');
  expect(resumeTitle([])).toBe('Start again from the beginning');
});

test('three things to try, with the numbers of the run', () => {
  const advice = collapseAdvice({ ...config, learningRate: 0.3, options: { temperature: 0.5 } });
  expect(advice).toHaveLength(3);
  expect(advice[0]).toContain('0.1 in place of 0.3');
  expect(advice[1]).toContain('256 images in place of 128');
  expect(advice[2]).toContain('now 0.5');
  expect(collapseReason('It collapses. The loss does not show this. Try this,\nor that.')).toBe(
    'It collapses. The loss does not show this.',
  );
});

test('a stop takes no room: from the last point that was kept to the moment it went on', () => {
  const curve = { ...emptyCurve(), step: Float64Array.of(1, 2, 3), time: Float64Array.of(100, 200, 900) };
  const resumed = (time: number, step: number) => ({ time, name: 'resumed', message: '', data: { step } });
  const history = [{ time: 50, name: 'device', message: '', data: {} }, resumed(800, 2)];
  expect(trainingBreaks(history, curve)).toEqual([{ from: 200, to: 800 }]);
  // Resumed twice from the same checkpoint: one stretch after the other.
  expect(trainingBreaks([...history, resumed(850, 2)], curve)).toEqual([
    { from: 200, to: 800 },
    { from: 800, to: 850 },
  ]);
  expect(trainingBreaks([resumed(800, 0)], curve)).toEqual([]);
  expect(trainingBreaks(history, undefined)).toEqual([]);
});

test('a log by how much its lines matter', () => {
  const lines = (['stdout', 'info', 'warning', 'stderr', 'error'] as const).map((source, time) => ({
    time,
    source,
    text: source,
  }));
  expect(filterLog(lines, 'all')).toHaveLength(5);
  expect(filterLog(lines, 'messages').map(({ text }) => text)).toEqual(['info', 'warning', 'error']);
  expect(filterLog(lines, 'warnings').map(({ text }) => text)).toEqual(['warning', 'stderr', 'error']);
  expect(filterLog(lines, 'errors').map(({ text }) => text)).toEqual(['stderr', 'error']);
  expect(logText(lines.slice(0, 2))).toBe(
    '1970-01-01T00:00:00.000Z stdout stdout\n1970-01-01T00:00:00.001Z info info',
  );
});

test('load as curves; while another run trains there is a gap', () => {
  const gib = 1024 ** 3;
  const load = { time: 1000, cpu: 0.5, memoryUsed: 2 * gib, memoryTotal: 8 * gib };
  const { cpu, childCpu, childMemory, memory } = loadCurves(
    [
      { ...load, child: { run: 'a', cpu: 0.25, rssBytes: gib } },
      { ...load, time: 3000, child: { run: 'b', cpu: 1, rssBytes: gib } },
    ],
    'a',
  );
  expect([...cpu.mean]).toEqual([0.5, 0.5]);
  expect([...memory.time]).toEqual([1000, 3000]);
  expect([...childCpu.mean]).toEqual([0.25, NaN]);
  expect([...childMemory.mean]).toEqual([1, NaN]);
});
