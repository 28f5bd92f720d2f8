import { describe, expect, it } from 'vitest';
import { noCollapse, observeSpread, type CollapseEvent } from '../../../src/learning/evaluation/collapse';
import { random } from '../../../src/shared/random';

/** The events of a run, with the step of each. */
function watch(spreads: readonly number[]): [number, CollapseEvent['kind']][] {
  let state = noCollapse;
  const events: [number, CollapseEvent['kind']][] = [];
  for (const [step, spread] of spreads.entries()) {
    const next = observeSpread(state, spread);
    if (next.event) events.push([step, next.event.kind]);
    state = next.state;
  }
  return events;
}
const steps = (n: number, spread: (step: number) => number) => Array.from({ length: n }, (_, i) => spread(i));

describe('observeSpread', () => {
  it('warns once, when the spread has stayed near zero', () => {
    expect(watch(steps(200, () => 0.01))).toEqual([[19, 'collapse']]);
  });

  it('says when the collapse has ended, and warns again when it comes back', () => {
    const spreads = [
      ...steps(30, () => 0.8),
      ...steps(30, () => 0.05),
      ...steps(30, () => 0.5),
      ...steps(30, () => 0.02),
    ];
    expect(watch(spreads)).toEqual([
      [49, 'collapse'],
      [79, 'collapse-ended'],
      [109, 'collapse'],
    ]);
  });

  it('warns where the spread stays low without coming near zero, and not of a beginning', () => {
    const source = random(2, 'method', 0);
    const around = (mean: number) => () => mean + 0.03 * source.normal();
    const [[step, kind], ...more] = watch(steps(1000, around(0.22)));
    expect([kind, more]).toEqual(['collapse', []]);
    expect(step).toBeGreaterThan(250);
    expect(step).toBeLessThan(400);
    expect(watch([...steps(200, around(0.22)), ...steps(1000, around(0.4))])).toEqual([]);
    expect(watch([...steps(500, around(0.22)), ...steps(100, () => 0.4)])).toMatchObject([
      [expect.any(Number), 'collapse'],
      [519, 'collapse-ended'],
    ]);
  });

  it('is quiet about a healthy, noisy spread with single bad batches', () => {
    const source = random(0, 'method', 0);
    const spreads = steps(5000, (i) => (i % 17 === 0 ? 0.01 : 0.5 + 0.25 * source.normal()));
    expect(watch(spreads)).toEqual([]);
  });

  it('does not change its mind back and forth around the threshold', () => {
    const source = random(1, 'method', 0);
    const spreads = steps(5000, () => 0.1 + 0.03 * source.normal());
    expect(watch(spreads).length).toBeLessThanOrEqual(1);
  });

  it('takes what is not a number for neither', () => {
    expect(watch(steps(100, () => NaN))).toEqual([]);
  });

  it('tells what to change', () => {
    let state = noCollapse;
    let message = '';
    for (let i = 0; i < 20; i++) {
      const next = observeSpread(state, 0.004);
      state = next.state;
      message = next.event?.message ?? '';
    }
    expect(message).toContain('spread 0.4 % of a healthy one');
    expect(message).toContain('lower learning rate');
  });

  it('gives the advice of the method where it has its own', () => {
    const nearly = { ...noCollapse, against: 19 };
    const { event } = observeSpread(nearly, 0.004, 'centring on');
    expect(event?.message).toMatch(/Try centring on; k-NN accuracy tells whether it helps\.$/);
  });

  it('says nothing where the loss would show a collapse', () => {
    const nearly = { ...noCollapse, against: 19 };
    expect(observeSpread(nearly, 0.004, null)).toEqual({ state: nearly, event: null });
  });
});
