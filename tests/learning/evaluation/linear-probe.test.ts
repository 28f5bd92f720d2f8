import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDevice, prepareEager, type Device } from '../../../src/engine';
import { linearProbe } from '../../../src/learning/evaluation/linear-probe';
import { random } from '../../../src/shared/random';

let device: Device;
beforeAll(async () => {
  ({ device } = await openDevice('cpu', { threads: 1, lowMemory: false }));
});
afterAll(() => device.dispose());

/** Three classes apart along the first dimension, of a scale and place of its own; the second is noise. */
function vectors(count: number, draw: number) {
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const data = Float32Array.from(
    labels.flatMap((label, i) => {
      const source = random(5, 'method', draw, i);
      return [1000 + 0.01 * (label + 0.1 * source.normal()), source.normal(), 7];
    }),
  );
  return { data, size: 3, labels };
}
const options = { epochs: 200, batchSize: 32, learningRate: 2, seed: 1 };

it('tells apart what one linear map can, whatever the scale of a dimension, a constant one too', async () => {
  const found = await linearProbe(device, vectors(96, 0), vectors(60, 1), options);
  expect(found.accuracy).toBeGreaterThan(0.95);
  expect(found.bankAccuracy).toBeGreaterThan(0.95);
});

it('is at chance where the labels say nothing', async () => {
  const bank = vectors(96, 0);
  const shuffled = { ...bank, labels: bank.labels.map((_, i) => random(9, 'method', i).integer(3)) };
  const { accuracy } = await linearProbe(device, shuffled, vectors(300, 1), options);
  expect(accuracy).toBeLessThan(0.6);
});

it('does compiled what it does on the reference backend, and the same again', async () => {
  const reference = { prepare: prepareEager.bind(null, 'cpu') } as Pick<Device, 'prepare'>;
  const few = { ...options, epochs: 3, batchSize: 7 };
  const [bank, queries] = [vectors(40, 0), vectors(50, 1)];
  const expected = await linearProbe(reference, bank, queries, few);
  expect(await linearProbe(device, bank, queries, few)).toEqual(expected);
  expect(await linearProbe(device, bank, queries, few)).toEqual(expected);
});

it('ends where its listener throws', async () => {
  const onEpoch = (epoch: number) => {
    if (epoch === 2) throw new Error('stopped');
  };
  await expect(linearProbe(device, vectors(9, 0), vectors(9, 1), { ...options, onEpoch })).rejects.toThrow(
    'stopped',
  );
});
