/** Batch normalization in NCHWc: sums by average pooling, affine maps by depthwise 1x1 convolutions, in few passes. */
import { elements, type Node, type Value } from '../../graph/graph';
import { calculator, normalizationKernels } from '../../kernels/normalization';
import { heaviside } from '../../kernels/elementwise';
import type { BatchNormAttrs } from '../../ops/batch-norm';
import type { KernelTable } from '../../trace/kernel-table';
import type { Lowering } from '../lowering';
import { NCHWC } from './nchwc';

/** Whether a tensor of images is at hand in NCHWc. */
const isBlocked = (x: Value, lowering: Lowering): boolean => lowering.layoutsOf(x).includes('blocked');

/** The mean of each channel, [channels], of a blocked tensor. */
function channelMean(name: string, { shape: [batch, , , channels] }: Value, lowering: Lowering): string {
  const means = lowering.emit('GlobalAveragePool', [name], {}, NCHWC);
  return lowering.emit('ReduceMean', [lowering.reshape(means, [batch, channels]), lowering.ints([0])], {
    keepdims: 0,
  });
}

/** factor * x + shift (+ addend) per channel, then ReLU where asked: one pass. */
function affine(
  x: string,
  factor: string,
  shift: string,
  channels: number,
  lowering: Lowering,
  { addend, relu = false }: { addend?: string; relu?: boolean } = {},
): string {
  const inputs = [x, lowering.reshape(factor, [channels, 1, 1, 1]), shift, ...(addend ? [addend] : [])];
  const attributes = { kernel_shape: [1, 1], group: channels, activation: relu ? 'Relu' : undefined };
  return lowering.emit('Conv', inputs, attributes, NCHWC);
}

function forward(node: Node, lowering: Lowering): void {
  const { x, scale, offset, residual } = node.inputs;
  const [y, mean, variance] = node.outputs;
  if (!isBlocked(x, lowering)) {
    normalizationKernels.BatchNormTraining.lower(node, lowering);
    return;
  }
  const { epsilon, relu } = node.attrs as unknown as BatchNormAttrs;
  const { add, sub, mul, sqrt, div } = calculator(lowering);
  const channels = x.shape[3];
  const image = lowering.read(x, 'blocked');
  const centre = channelMean(image, x, lowering);
  const square = channelMean(mul(image, image), x, lowering);
  const spread = lowering.emit('Max', [sub(square, mul(centre, centre)), lowering.scalar(0)]);
  const factor = div(lowering.read(scale), sqrt(add(spread, epsilon)));
  const shift = sub(lowering.read(offset), mul(centre, factor));
  const addend = residual && lowering.read(residual, 'blocked');
  lowering.define(y, affine(image, factor, shift, channels, lowering, { addend, relu }), 'blocked');
  lowering.define(mean, centre);
  lowering.define(variance, spread);
}

/** dx = A * g + B * x + C per channel, with g the error behind the ReLU: two affine passes. */
function gradient(node: Node, lowering: Lowering): void {
  const { x, y, dy, scale, mean, variance } = node.inputs;
  const [dx, dScale, dOffset, dResidual] = node.outputs;
  if (!isBlocked(x, lowering)) {
    normalizationKernels.BatchNormTrainingGrad.lower(node, lowering);
    return;
  }
  const { epsilon, relu } = node.attrs as unknown as BatchNormAttrs;
  const { add, sub, mul, sqrt, reciprocal } = calculator(lowering);
  const channels = x.shape[3];
  const count = elements(x) / channels;
  const image = lowering.read(x, 'blocked');
  const error = lowering.read(dy, 'blocked');
  const masked = relu ? mul(error, heaviside(lowering.read(y, 'blocked'), lowering)) : error;
  const centre = lowering.read(mean);
  const inverse = reciprocal(sqrt(add(lowering.read(variance), epsilon)));
  const meanError = channelMean(masked, x, lowering);
  const meanProduct = channelMean(mul(masked, image), x, lowering);
  // Mean of g * normalized x.
  const slope = mul(sub(meanProduct, mul(centre, meanError)), inverse);
  const a = mul(lowering.read(scale), inverse);
  const b = mul(mul(a, inverse), mul(slope, -1));
  const c = sub(mul(mul(a, meanError), -1), mul(b, centre));
  const rest = affine(image, b, c, channels, lowering);
  const none = lowering.floats(new Float32Array(channels));
  lowering.define(dx, affine(masked, a, none, channels, lowering, { addend: rest }), 'blocked');
  lowering.define(dScale, mul(slope, count));
  lowering.define(dOffset, mul(meanError, count));
  lowering.define(dResidual, masked, 'blocked');
}

export const cpuBatchNormKernels: KernelTable = {
  BatchNormTraining: { ...normalizationKernels.BatchNormTraining, lower: forward },
  BatchNormTrainingGrad: { ...normalizationKernels.BatchNormTrainingGrad, lower: gradient },
};
