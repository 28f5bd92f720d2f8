/** Max and average pooling and their gradients. */
import type { Value } from '../graph/graph';
import { NCHW } from '../lower/layout';
import type { Lowering } from '../lower/lowering';
import type { Kernel, KernelTable } from '../trace/kernel-table';
import { isIndex } from './indexing';
import { im2col, outputPadding, poolWindows, windowAttributes, type Windows } from './windows';

function pool(type: 'MaxPool' | 'AveragePool'): Kernel {
  return {
    infer: ({ x }, attrs) => [{ shape: poolWindows(x.shape, attrs).outShape, dtype: x.dtype }],
    lower: ({ inputs: { x }, attrs, outputs: [output] }, lowering) => {
      const { kernel_shape, strides, pads } = windowAttributes(poolWindows(x.shape, attrs));
      lowering.define(
        output,
        lowering.emit(type, [lowering.read(x, NCHW)], { kernel_shape, strides, pads }),
        NCHW,
      );
    },
  };
}

/**
 * Adds up what each window sends back to its pixels: ConvTranspose, per channel, with one-hot filters.
 * @param parts ONNX name of [batch, channels * kernel, outHeight, outWidth].
 */
function scatterWindows(parts: string, windows: Windows, lowering: Lowering): string {
  const { kernel, inChannels: channels } = windows;
  const size = kernel[0] * kernel[1];
  const filters = new Float32Array(channels * size * size);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < size; i++) filters[(channel * size + i) * size + i] = 1;
  return lowering.emit('ConvTranspose', [parts, lowering.floats(filters, [channels * size, 1, ...kernel])], {
    ...windowAttributes(windows),
    output_padding: outputPadding(windows),
    group: channels,
  });
}

/** Each window's gradient goes to its first largest value, as in tfjs and PyTorch. */
const maxPoolGradient: Kernel = {
  infer: ({ input }) => [input],
  lower: ({ inputs: { dy, input }, attrs, outputs: [output] }, lowering) => {
    const windows = poolWindows(input.shape, attrs);
    const { batch, outHeight, outWidth, kernel, inChannels: channels } = windows;
    const size = kernel[0] * kernel[1];
    const columns = im2col(lowering.read(input), windows, lowering, -3.4e38);
    const winner = lowering.emit('ArgMax', [columns], { axis: 2, keepdims: 0 });
    const index = lowering.reshape(lowering.emit('Cast', [winner], { to: 6 }), [
      batch,
      outHeight * outWidth,
      channels,
      1,
    ]);
    const chosen = isIndex(index, [size], lowering);
    const errors = lowering.reshape(lowering.read(dy), [batch, outHeight * outWidth, channels, 1]);
    const parts = lowering.transpose(lowering.emit('Mul', [chosen, errors]), [0, 2, 3, 1]);
    const planes = lowering.reshape(parts, [batch, channels * size, outHeight, outWidth]);
    lowering.define(output, scatterWindows(planes, windows, lowering), NCHW);
  },
};

/** How many pixels of the image lie in each window, [outHeight, outWidth]: padding does not count. */
function pixelsPerWindow({
  height,
  width,
  outHeight,
  outWidth,
  kernel,
  strides,
  pads,
}: Windows): Float32Array {
  const along = (size: number, out: number, axis: 0 | 1): number[] =>
    Array.from({ length: out }, (_, i) => {
      const start = i * strides[axis] - pads[axis];
      return Math.min(size, start + kernel[axis]) - Math.max(0, start);
    });
  const rows = along(height, outHeight, 0);
  const columns = along(width, outWidth, 1);
  return Float32Array.from(rows.flatMap((row) => columns.map((column) => row * column)));
}

const averagePoolGradient: Kernel = {
  infer: ({ input }) => [input],
  lower: ({ inputs: { dy, input }, attrs, outputs: [output] }, lowering) => {
    const windows = poolWindows(input.shape, attrs);
    const shares = lowering.emit('Div', [
      lowering.read(dy, NCHW),
      lowering.floats(pixelsPerWindow(windows), [1, 1, windows.outHeight, windows.outWidth]),
    ]);
    lowering.define(output, spread(shares, windows, input, lowering), NCHW);
  },
};

function spread(shares: string, windows: Windows, input: Value, lowering: Lowering): string {
  const [, , , channels] = input.shape;
  const { kernel } = windows;
  const ones = new Float32Array(channels * kernel[0] * kernel[1]).fill(1);
  return lowering.emit('ConvTranspose', [shares, lowering.floats(ones, [channels, 1, ...kernel])], {
    ...windowAttributes(windows),
    output_padding: outputPadding(windows),
    group: channels,
  });
}

export const poolingKernels: KernelTable = {
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  MaxPoolGrad: maxPoolGradient,
  AvgPoolGrad: averagePoolGradient,
};
