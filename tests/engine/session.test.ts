import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { printStep, type StepDefinition } from '../../src/engine';
import { compile } from '../../src/engine/compile';
import { prepareCompiled } from '../../src/engine/compiled';
import { portable } from '../../src/engine/lower/targets';
import { openSession } from '../../src/engine/session/session';
import { stepError } from '../../src/engine/session/run-errors';
import { integers, values } from './compare';

/** Counts steps, adds the input up, and leaves `fixed` alone. */
const counting: StepDefinition = {
  name: 'counting step',
  state: {
    count: { shape: [], dtype: 'int32' },
    sum: { shape: [3], dtype: 'float32' },
    fixed: { shape: [3], dtype: 'float32' },
  },
  inputs: { x: { shape: [3], dtype: 'float32' } },
  step: ({ count, sum, fixed }, { x }) => ({
    state: { count: tf.add(count, tf.scalar(1, 'int32')), sum: tf.add(sum, tf.mul(x, fixed)), fixed },
    outputs: { total: tf.sum(sum) },
  }),
};
const float = (data: number[]) => ({
  shape: [data.length],
  dtype: 'float32' as const,
  data: Float32Array.from(data),
});
const start = { count: integers([], [0]), sum: float([0, 0, 0]), fixed: float([1, 2, 3]) };
const x = float([1, 1, 1]);
const options = { threads: 1, lowMemory: false };

describe('a compiled step', () => {
  it('carries its state, and gives copies of it', async () => {
    for (const lowMemory of [false, true]) {
      const step = await prepareCompiled(portable, counting, start, { threads: 0, lowMemory });
      for (const total of [0, 6, 12]) expect((await step.run({ x })).total.data[0]).toBe(total);
      const { count, sum, fixed } = await step.readState();
      await step.run({ x });
      expect(count.data[0]).toBe(3);
      expect([...sum.data]).toEqual([3, 6, 9]);
      expect([...fixed.data]).toEqual([1, 2, 3]);
      expect(start.count.data[0]).toBe(0);
      await step.writeState({ ...start, sum: float([1, 0, 0]) });
      expect((await step.run({ x })).total.data[0]).toBe(1);
      await step.dispose();
    }
  });

  it('names what does not fit', async () => {
    const step = await prepareCompiled(portable, counting, start, options);
    await expect(step.run({ x: float([1]) })).rejects.toThrow('counting step: input "x" is float32[1]');
    await expect(step.writeState({ ...start, sum: x, count: x })).rejects.toThrow(
      'state "count" is float32[3]',
    );
    await step.dispose();
  });

  it('copies nothing on the CPU, and on other providers what the definition says', async () => {
    const session = await openSession(await compile(counting, portable), 'cpu', start, options);
    expect(session.bytesCopied).toBe(0);
    await session.dispose();
  });

  it('is not run after it was disposed of', async () => {
    const step = await prepareCompiled(portable, counting, start, options);
    await step.dispose();
    await expect(step.run({ x })).rejects.toThrow();
  });

  it('prints itself', async () => {
    expect(await printStep(counting)).toMatch(
      /%\d+ f32\[3\] = Add\(a: %\d+, b: %\d+\)[^]*return next\/sum = %\d+/,
    );
  });
});

describe("onnxruntime's errors", () => {
  it('tell the step, the op and the layer', async () => {
    const model = await compile(counting, portable);
    const broken = { ...model, bytes: model.bytes.slice(0, 50) };
    await expect(openSession(broken, 'cpu', start, options)).rejects.toThrow(
      /^counting step: onnxruntime could not compile it: /,
    );
    const failed = new Error(
      "Non-zero status code returned while running Conv node. Name:'encoder.conv1/Conv2D#12' Status Message: bad shape",
    );
    expect(stepError('SimCLR step', 'run', failed).message).toBe(
      'SimCLR step: Conv of encoder.conv1/Conv2D#12 failed: bad shape',
    );
  });

  it('become advice where memory runs out', () => {
    const full = new Error(
      "Non-zero status code returned while running Conv node. Name:'encoder.conv1/Conv2D#12' Status Message: " +
        'Failed to allocate memory for requested buffer of size 4294967296',
    );
    const error = stepError('SimCLR step', 'run', full);
    expect(error.message).toBe('The SimCLR step ran out of memory, at Conv of encoder.conv1/Conv2D#12');
    expect((error as Error & { hint: string }).hint).toContain('lowMemory=true');
  });

  it('keep the state of the last good run', async () => {
    const step = await prepareCompiled(portable, counting, start, options);
    await step.run({ x });
    await expect(step.run({ x: values([2]) })).rejects.toThrow();
    expect((await step.readState()).count.data[0]).toBe(1);
    await step.dispose();
  });
});
