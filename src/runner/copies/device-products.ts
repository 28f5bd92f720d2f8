/** Products of blocks of vectors on a device. */
import type { Device, Step } from '../../engine';
import { countOf, type Products } from '../../explorer/products';
import { createProductStep } from '../../learning';

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
    const step = known ?? (await device.prepare(createProductStep(first, second, size), {}));
    steps.set(key, step);
    const [[oldest, outdated]] = steps;
    if (steps.size > KEPT) {
      steps.delete(oldest);
      await outdated.dispose();
    }
    return step;
  };
  return {
    products: async (first, second) => {
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
    dispose: async () => {
      for (const step of steps.values()) await step.dispose();
    },
  };
}
