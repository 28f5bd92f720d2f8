/** The tiny model that a provider is tried with: one product whose result is known. */
import { OnnxModel } from '../onnx/model';

/** Every element of the matrix; the sum of its n by n product with itself is n^3 times the square of this. */
export const PROBE_VALUE = 0.5;

/** sum = ReduceSum(Conv(a x a)) for a square matrix of any size, the convolution with a filter of one 1. */
export function probeModel(): Uint8Array {
  const model = new OnnxModel('probe');
  model.input('a', { shape: ['n', 'n'], dtype: 'float32' });
  model.node('MatMul', ['a', 'a'], ['product'], {}, '', 'product');
  model.node('Unsqueeze', ['product', model.constant('int64', [2], [0, 1])], ['image'], {}, '', 'image');
  const one = model.constant('float32', [1, 1, 1, 1], [1]);
  model.node('Conv', ['image', one], ['same'], {}, '', 'same');
  model.node('ReduceSum', ['same'], ['sum'], { keepdims: 0 }, '', 'sum');
  model.output('sum', { shape: [], dtype: 'float32' });
  return model.encode();
}
