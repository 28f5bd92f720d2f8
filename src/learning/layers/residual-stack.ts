/** Residual layers without normalization, as in the VQ-VAE of DeepMind's Sonnet. */
import * as tf from '@tensorflow/tfjs-core';
import { collect, type Module, type Parameters } from '../module';
import { conv } from './conv';

/** [batch, height, width, channels] to the same shape: x + conv1x1(relu(conv3x3(relu(x)))) `layers` times, then ReLU. */
export function residualStack(channels: number, hidden: number, layers: number): Module {
  const conv1 = conv(channels, hidden, 3, { bias: true });
  const conv2 = conv(hidden, channels, 1, { bias: true });
  const layer = collect({ conv1: conv1.parameters, conv2: conv2.parameters });
  const names = Array.from({ length: layers }, (_, i) => String(i));
  const parameters: Parameters = collect(Object.fromEntries(names.map((name) => [name, layer])));
  return {
    parameters,
    apply: (weights, x) =>
      tf.relu(
        names.reduce((y, name) => {
          const own = weights.child(name);
          const inner = own.apply('conv1', conv1, tf.relu(y));
          return tf.add(y, own.apply('conv2', conv2, tf.relu(inner)));
        }, x),
      ),
  };
}
