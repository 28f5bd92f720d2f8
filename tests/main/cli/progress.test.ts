import { describe, expect, it } from 'vitest';
import { Context } from '../../../src/main/cli/context';
import { barLine, plainLine, type ProgressMessage } from '../../../src/main/cli/progress-line';
import { ProgressView } from '../../../src/main/cli/progress-view';
import { fakeRunner, fakeTerminal } from '../helpers';

const progress: ProgressMessage = {
  version: 2,
  type: 'progress',
  phase: 'training',
  done: 42,
  total: 100,
  rate: 812.4,
  secondsLeft: 130,
  epoch: 3.2,
  epochs: 8,
};
const state = { progress, loss: 4.21349, knn: 0.412 };

describe('progress in a line', () => {
  it('has a bar and all figures where there is room', () => {
    expect(barLine(state, 120)).toBe(
      'Training  ██████████░░░░░░░░░░░░░░   42 %  epoch 3.2/8  loss 4.213  k-NN 41.2 %  812 images/s  2 min 10 s left',
    );
  });

  it.each([100, 60, 30, 12, 1])('fits %i columns', (columns) => {
    expect(barLine(state, columns).length).toBeLessThan(columns);
  });

  it('is plain for a pipe', () => {
    expect(plainLine(state)).toBe(
      'Training  step 42/100  epoch 3.2/8  loss 4.213  k-NN 41.2 %  812 images/s  2 min 10 s left',
    );
  });

  it('leaves out what is not known', () => {
    const compiling = {
      ...progress,
      phase: 'compiling',
      rate: null,
      secondsLeft: null,
      epoch: null,
      total: 0,
    } as const;
    expect(plainLine({ progress: compiling, loss: null, knn: null })).toBe('Compiling the step');
  });
});

describe('ProgressView', () => {
  function view(columns?: number) {
    const terminal = fakeTerminal({ columns });
    const clock = { now: 0 };
    return { terminal, clock, view: new ProgressView(new Context(terminal, fakeRunner), () => clock.now) };
  }

  it('redraws one line on a terminal, without colour where NO_COLOR is set', () => {
    const { terminal, clock, view: shown } = view(60);
    shown.hear(progress);
    clock.now = 50;
    shown.hear({ ...progress, done: 43 });
    clock.now = 150;
    shown.hear({ ...progress, done: 44 });
    expect(terminal.out().match(/\r/g)).toHaveLength(2);
    expect(terminal.out()).not.toContain('\n');
    expect(terminal.out()).not.toContain('\x1b[3');
    shown.line('An event.');
    expect(terminal.out()).toContain('\r\x1b[KAn event.\n\rTraining');
    shown.end();
    expect(terminal.out().endsWith('\r\x1b[K')).toBe(true);
  });

  it('prints a line every 5 s, each epoch and each evaluation elsewhere', () => {
    const { terminal, clock, view: shown } = view();
    const lines = () => terminal.out().split('\n').length - 1;
    shown.hear(progress);
    clock.now = 4000;
    shown.hear({ ...progress, done: 43 });
    expect(lines()).toBe(1);
    clock.now = 5000;
    shown.hear({ ...progress, done: 44 });
    expect(lines()).toBe(2);
    shown.hear({ ...progress, done: 45, epoch: 4 });
    expect(lines()).toBe(3);
    shown.hear({
      version: 2,
      type: 'metrics',
      points: [{ name: 'knn', step: 45, epoch: 4, time: 0, value: 0.5 }],
    });
    expect(lines()).toBe(4);
    expect(terminal.out()).toMatch(/k-NN 50\.0 %.*\n$/);
  });
});
