import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  openDevice,
  stopGradient,
  valueAndGradients,
  type DeviceName,
  type StepDefinition,
} from '../../src/engine';

const spec = { x: { shape: [3], dtype: 'float32' as const } };
const x = { shape: [3], dtype: 'float32' as const, data: Float32Array.of(1, -2, 3) };

/** The loss and gradient of a function of x. */
async function derive(device: DeviceName, f: (x: tf.Tensor) => tf.Tensor) {
  const definition: StepDefinition = {
    name: 'stop gradient',
    state: {},
    inputs: spec,
    step: (_, inputs) => {
      const { loss, gradients } = valueAndGradients({ x: inputs.x }, () => ({
        loss: tf.sum(f(inputs.x)),
        aux: {},
      }));
      return { state: {}, outputs: { loss, gradient: gradients.x } };
    },
  };
  const opened = await openDevice(device, { threads: 1, lowMemory: false });
  const step = await opened.device.prepare(definition, {});
  try {
    const first = await step.run({ x });
    const again = await step.run({ x });
    expect([...again.gradient.data]).toEqual([...first.gradient.data]);
    return { loss: first.loss.data[0], gradient: [...first.gradient.data] };
  } finally {
    await step.dispose();
    await opened.device.dispose();
  }
}

describe.each<DeviceName>(['reference', 'cpu'])('stopGradient on %s', (device) => {
  it('keeps the value and takes away its gradient', async () => {
    const found = await derive(device, (x) => tf.square(stopGradient(x)));
    expect(found).toEqual({ loss: 14, gradient: [0, 0, 0] });
  });

  it('stops one path and leaves the other', async () => {
    const found = await derive(device, (x) => tf.mul(x, stopGradient(x)));
    expect(found).toEqual({ loss: 14, gradient: [1, -2, 3] });
  });

  it('stops what was computed before it', async () => {
    const found = await derive(device, (x) => tf.add(x, stopGradient(tf.exp(tf.mul(x, 0)))));
    expect(found).toEqual({ loss: 5, gradient: [1, 1, 1] });
  });
});
