import * as tf from '@tensorflow/tfjs-core';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDevice, valueAndGradients, type HostTensors, type StepDefinition } from '../../src/engine';
import { compile } from '../../src/engine/compile';
import { portable } from '../../src/engine/lower/targets';
import { estimateMemory, peakOfValues } from '../../src/engine/memory/estimate';
import { requireMemory } from '../../src/engine/memory/require';
import { stateless, values } from './compare';

/** Three convolutions over a batch of 128, with their gradients: some 200 MiB. */
function convolutions(): { definition: StepDefinition; state: HostTensors; inputs: HostTensors } {
  const state = Object.fromEntries(
    ['a', 'b', 'c'].map((name, i) => [name, values([3, 3, i === 0 ? 16 : 32, 32], i, -0.1, 0.1)]),
  );
  const inputs = { x: values([128, 32, 32, 16], 1) };
  const step: StepDefinition['step'] = (filters, { x }) => {
    const { loss, gradients } = valueAndGradients(filters, () => {
      let y = x as tf.Tensor4D;
      for (const name of ['a', 'b', 'c']) y = tf.relu(tf.conv2d(y, filters[name] as tf.Tensor4D, 1, 1));
      return { loss: tf.mean(tf.square(y)), aux: {} };
    });
    const next = Object.keys(filters).map((name) => [name, tf.sub(filters[name], gradients[name])]);
    return { state: Object.fromEntries(next) as typeof filters, outputs: { loss } };
  };
  return { definition: { name: 'convolutional step', state, inputs, step }, state, inputs };
}

const MIB = 2 ** 20;

describe('peakOfValues', () => {
  it('counts each value from its node to its last use', async () => {
    const definition = stateless({ x: values([256], 1) }, ({ x }) => {
      const a = tf.exp(x);
      const b = tf.sin(a);
      return { y: tf.add(a, b), z: tf.sum(b) };
    });
    const { graph } = await compile(definition, portable);
    // exp, sin and their sum are alive at once; then the sum over sin comes, when exp has gone.
    expect(peakOfValues(graph)).toBe(3 * 1024);
  });
});

describe('requireMemory', () => {
  const enough = 16 * 2 ** 30;

  it('says what is needed, what is free and what to do', async () => {
    const { definition } = convolutions();
    const model = await compile(definition, portable);
    expect(() => requireMemory(model, { lowMemory: false }, enough)).not.toThrow();
    const refused = () => requireMemory(model, { lowMemory: false }, 64 * MIB);
    expect(refused).toThrow(
      /convolutional step needs about \d\.\d GiB of memory, but only 0\.1 GiB are free/,
    );
    try {
      refused();
    } catch (error) {
      expect((error as { hint: string }).hint).toMatch(
        /smaller batch \(--set batchSize=\.\.\.\), or --set lowMemory=true, which is slower/,
      );
    }
  });

  it('does not advise the low-memory mode to one who has it', async () => {
    const model = await compile(convolutions().definition, portable);
    try {
      requireMemory(model, { lowMemory: true }, MIB);
      expect.unreachable();
    } catch (error) {
      expect((error as { hint: string }).hint).not.toContain('lowMemory');
    }
  });
});

const status = (key: string): number =>
  1024 * Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))![1]);

describe.skipIf(process.platform !== 'linux')('the estimate (Linux tells the peak of a process)', () => {
  it('is near the measured peak', async () => {
    const { definition, state, inputs } = convolutions();
    const { graph } = await compile(definition, portable);
    const { device } = await openDevice('cpu', { threads: 1, lowMemory: false });
    const warm = await device.prepare(definition, state);
    await warm.dispose();
    writeFileSync('/proc/self/clear_refs', '5');
    const before = status('VmRSS');
    const step = await device.prepare(definition, state);
    for (let run = 0; run < 2; run++) await step.run(inputs);
    const measured = status('VmHWM') - before;
    await step.dispose();
    const ratio = estimateMemory(graph, definition) / measured;
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(2);
  });
});
