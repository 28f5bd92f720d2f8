/** A tensor's value without its history: what is computed from it gives its inputs no gradient. */
import { engine, type Tensor } from '@tensorflow/tfjs-core';

/** The same data under a name that tfjs's tape does not know; costs nothing. */
export function stopGradient(x: Tensor): Tensor {
  const { backend } = engine();
  backend.incRef(x.dataId);
  return engine().makeTensorFromTensorInfo({ dataId: x.dataId, shape: x.shape, dtype: x.dtype });
}
