/**
 * Comparisons and logic have slope zero. tfjs registers no gradient for them at all, so that tf.where on a condition
 * that depends on a parameter would fail.
 */
import { registerGradient, zeros, type Tensor } from '@tensorflow/tfjs-core';

const flat = (tensor: Tensor) => () => zeros(tensor.shape);

for (const kernelName of [
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'Equal',
  'NotEqual',
  'LogicalAnd',
  'LogicalOr',
])
  registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (_, [a, b]) => ({ a: flat(a), b: flat(b) }),
  });

registerGradient({ kernelName: 'LogicalNot', inputsToSave: ['x'], gradFunc: (_, [x]) => ({ x: flat(x) }) });
