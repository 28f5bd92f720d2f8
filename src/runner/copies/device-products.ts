/** Products of blocks of vectors on a device. */
import * as tf from '@tensorflow/tfjs-core';
import type { Device, Step, StepDefinition } from '../../engine';
import { countOf, type Products } from '../../explorer/products';

/** Steps kept: a whole block, and blocks that are cut short at both ends. */
const KEPT = 6;

export interface DeviceProducts {
  readonly products: Products;
  readonly dispose: () => Promise<void>;
}

export function deviceProducts(device: Pick<Device, 'prepare'>): DeviceProducts {
  const steps = new Map<string, Step>();
  const stepOf = async (first: number, second: number, size: number): Promise<Step> => {
    const key = `${first} ${second} ${size}`;
    const known = steps.get(key);
    steps.delete(key);
    const step = known ?? (await device.prepare(product(first, second, size), {}));
    steps.set(key, step);
    const [[oldest, outdated]] = steps;
    if (steps.size > KEPT) {
      steps.delete(oldest);
      await outdated.dispose();
    }
    return step;
  };
  return {
    async products(first, second) {
      const { size } = first;
      const [n, m] = [countOf(first), countOf(second)];
      if (n === 0 || m === 0) return new Float32Array();
      const step = await stepOf(n, m, size);
      const { scores } = await step.run({
        first: { shape: [n, size], dtype: 'float32', data: first.data },
        second: { shape: [m, size], dtype: 'float32', data: second.data },
      });
      return scores.data as Float32Array;
    },
    async dispose() {
      for (const step of steps.values()) await step.dispose();
    },
  };
}

function product(first: number, second: number, size: number): StepDefinition {
  return {
    name: 'products of vectors',
    state: {},
    inputs: {
      first: { shape: [first, size], dtype: 'float32' },
      second: { shape: [second, size], dtype: 'float32' },
    },
    step: (state, inputs) => ({
      state,
      outputs: { scores: tf.matMul(inputs.first, inputs.second, false, true) },
    }),
  };
}
