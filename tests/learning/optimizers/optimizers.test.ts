import { describe, expect, it } from 'vitest';
import { createOptimizer } from '../../../src/learning/optimizers';
import type { ParameterRole } from '../../../src/learning/module';
import { optimizerSchema, type OptimizerConfig } from '../../../src/shared/run-config';
import golden from '../../golden/optimizers/optimizers.json';
import { evaluate, host } from '../host';

/** The weights after each update by the given gradients. */
async function trajectory(
  config: OptimizerConfig,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  rates: readonly number[],
  role: ParameterRole = 'weight',
): Promise<number[][]> {
  const optimizer = createOptimizer(config);
  const shape = [start.length];
  let weight = host(shape, start);
  let slots = Object.fromEntries(
    optimizer.slots.map((name) => [
      name,
      host(
        shape,
        start.map(() => 0),
      ),
    ]),
  );
  const weights: number[][] = [];
  for (const [update, gradient] of gradients.entries()) {
    const numbers = optimizer.scalars(rates[update], update, 0);
    const scalars = Object.fromEntries(Object.entries(numbers).map(([k, v]) => [k, host([], [v])]));
    const outputs = await evaluate({ weight, gradient: host(shape, gradient), ...slots, ...scalars }, (t) => {
      const next = optimizer.update({ weight: t.weight, gradient: t.gradient, slots: t, role }, t);
      return { ...next.slots, weight: next.weight };
    });
    weight = host(shape, outputs.weight);
    slots = Object.fromEntries(optimizer.slots.map((name) => [name, host(shape, outputs[name])]));
    weights.push(outputs.weight);
  }
  return weights;
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-6): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries())
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance * (1 + Math.abs(expected[i])));
}

describe('createOptimizer', () => {
  it.each(golden.cases)('$name moves as in PyTorch', async ({ config, weights }) => {
    const found = await trajectory(
      optimizerSchema.parse(config),
      golden.start,
      golden.gradients,
      golden.rates,
    );
    for (const [update, expected] of weights.entries()) expectClose(found[update], expected);
  });

  it('adamw does not decay biases and normalizations', async () => {
    const config = optimizerSchema.parse({ kind: 'adamw', weightDecay: 0.9 });
    const plain = optimizerSchema.parse({ kind: 'adam' });
    const [start, gradients] = [[1, -2], [[0.5, 0.25]]];
    expect(await trajectory(config, start, gradients, [0.1], 'bias')).toEqual(
      await trajectory(plain, start, gradients, [0.1]),
    );
    expect(await trajectory(config, start, gradients, [0.1])).not.toEqual(
      await trajectory(plain, start, gradients, [0.1]),
    );
  });

  it('lars follows its formula', async () => {
    const config = optimizerSchema.parse({ kind: 'lars', momentum: 0.9, trust: 0.02, weightDecay: 0.1 });
    const rates = [0.5, 0.25, 1];
    const gradients = [
      [0.3, -0.1, 2],
      [-1, 0.5, 0.25],
      [0, 0, 0.125],
    ];
    const length = (x: number[]) => Math.hypot(...x);
    let weight = [1, -2, 0.5];
    let velocity = [0, 0, 0];
    const expected = gradients.map((gradient, update) => {
      const factor = (0.02 * length(weight)) / (length(gradient) + 0.1 * length(weight));
      velocity = velocity.map((v, i) => 0.9 * v + factor * (gradient[i] + 0.1 * weight[i]));
      weight = weight.map((w, i) => w - rates[update] * velocity[i]);
      return weight;
    });
    const found = await trajectory(config, [1, -2, 0.5], gradients, rates);
    for (const [update, values] of expected.entries()) expectClose(found[update], values);
  });

  it('lars moves biases, and weights that are zero, by the plain gradient', async () => {
    const config = optimizerSchema.parse({ kind: 'lars', momentum: 0, weightDecay: 0.1 });
    expectClose((await trajectory(config, [1, 2], [[1, -1]], [0.5], 'bias'))[0], [0.5, 2.5]);
    expectClose((await trajectory(config, [0, 0], [[1, -1]], [0.5]))[0], [-0.5, 0.5]);
    expectClose((await trajectory(config, [1, 2], [[0, 0]], [0.5]))[0], [0.95, 1.9]);
  });
});
