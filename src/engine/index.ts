/** The engine: write a step with TensorFlow.js, run it as one ONNX graph. This is the only door to the room. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
// Some of tfjs's own gradients call chained ops.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import './ops/flat-gradients';

import { env } from '@tensorflow/tfjs-core';

// Silences tfjs's advertisement of its Node package on first use.
env().set('PROD', true);

export * from './types';
export { scope } from './scope';
export { valueAndGradients } from './gradients';
export { batchNormInference, batchNormTraining, type BatchNormOptions } from './ops/batch-norm';
export { layerNorm } from './ops/layer-norm';
export { gelu } from './ops/gelu';
export { stopGradient } from './ops/stop-gradient';
export { prepareEager } from './eager';
export { exportOnnx, ANY_BATCH } from './export';
export { runOnnx } from './run-onnx';
export { openOnnxFile, type OnnxFile, type OnnxPort } from './onnx-file';
export { listDevices, openDevice, type DeviceInfo } from './devices';
export { formatProfile } from './profile/format';
export { printStep } from './compile';
