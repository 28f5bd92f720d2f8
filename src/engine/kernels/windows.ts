/** The arithmetic of sliding windows, shared by convolution and pooling. */
import { backend_util } from '@tensorflow/tfjs-core';
import type { Attrs } from '../graph/graph';
import type { Lowering } from '../lower/lowering';

type Shape4 = [number, number, number, number];

/** Everything about one windowed op: sizes of input, output and window, strides, dilations, zero padding. */
export interface Windows {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, left, bottom, right: ONNX's order. */
  readonly pads: readonly [number, number, number, number];
  readonly outShape: readonly number[];
}

type Pair = [number, number];
type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];
type Rounding = 'floor' | 'round' | 'ceil';

/** @param filter [height, width, in, out], or [height, width, in, multiplier] where `depthwise`. */
export function convolutionWindows(
  input: readonly number[],
  filter: readonly number[],
  attrs: Attrs,
  depthwise = false,
): Windows {
  if (attrs.dataFormat && attrs.dataFormat !== 'NHWC') throw new Error('dataFormat NHWC only');
  const info = backend_util.computeConv2DInfo(
    [...input] as Shape4,
    [...filter] as Shape4,
    attrs.strides as Pair,
    (attrs.dilations as Pair | undefined) ?? 1,
    attrs.pad as Pad,
    attrs.dimRoundingMode as Rounding | undefined,
    depthwise,
  );
  return windowsOf(info);
}

/** @param input [batch, height, width, channels]. */
export function poolWindows(input: readonly number[], attrs: Attrs): Windows {
  return windowsOf(
    backend_util.computePool2DInfo(
      [...input] as Shape4,
      attrs.filterSize as Pair,
      attrs.strides as Pair,
      1,
      attrs.pad as Parameters<typeof backend_util.computePool2DInfo>[4],
      attrs.dimRoundingMode as Rounding | undefined,
    ),
  );
}

function windowsOf(info: backend_util.Conv2DInfo): Windows {
  const { top, left, bottom, right } = info.padInfo;
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
    outShape: info.outShape,
  };
}

export const windowAttributes = ({ kernel, strides, dilations, pads }: Windows) => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads,
});

/** What ConvTranspose must add at the bottom and right so that its output has the convolution's input size. */
export function outputPadding({
  height,
  width,
  outHeight,
  outWidth,
  kernel,
  strides,
  dilations,
  pads,
}: Windows): Pair {
  const missing = (size: number, out: number, axis: 0 | 1): number =>
    size -
    ((out - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - pads[axis] - pads[axis + 2]);
  return [missing(height, outHeight, 0), missing(width, outWidth, 1)];
}

const atLeastZero = (pads: Windows['pads']): number[] => pads.map((n) => Math.max(0, n));

/** Images [n, height, width, m] with the windows' padding around them, filled with `fill`. */
export function padImages(x: string, { pads }: Windows, lowering: Lowering, fill = 0): string {
  const [top, left, bottom, right] = atLeastZero(pads);
  if (top + left + bottom + right === 0) return x;
  return lowering.emit('Pad', [
    x,
    lowering.ints([0, top, left, 0, 0, bottom, right, 0]),
    lowering.scalar(fill),
  ]);
}

/** How many pixels an image has with its padding. */
export function paddedPixels({ height, width, pads }: Windows): number {
  const [top, left, bottom, right] = atLeastZero(pads);
  return (height + top + bottom) * (width + left + right);
}

/**
 * Every window's values side by side: from x [batch, height, width, channels] to
 * [batch, outHeight * outWidth, kernelHeight * kernelWidth, channels], by one Gather of whole channel vectors.
 * @param x ONNX name of the tensor in NHWC. @param fill what lies outside of the image.
 */
export function im2col(x: string, windows: Windows, lowering: Lowering, fill = 0): string {
  const { batch, inChannels, outHeight, outWidth, kernel } = windows;
  const padded = padImages(x, windows, lowering, fill);
  const flat = lowering.reshape(padded, [batch, paddedPixels(windows), inChannels]);
  const table = lowering.shared(`pixels of ${JSON.stringify(windows)}`, () =>
    lowering.model.constant('int32', [outHeight * outWidth, kernel[0] * kernel[1]], windowPixels(windows)),
  );
  return lowering.emit('Gather', [flat, table], { axis: 1 });
}

/** For each position and each tap of its window, the pixel it sees in the padded image: [positions * kernel]. */
export function windowPixels({
  width,
  pads,
  outHeight,
  outWidth,
  kernel,
  strides,
  dilations,
}: Windows): number[] {
  const wide = width + Math.max(0, pads[1]) + Math.max(0, pads[3]);
  const pixels: number[] = [];
  for (let row = 0; row < outHeight; row++)
    for (let column = 0; column < outWidth; column++)
      for (let i = 0; i < kernel[0]; i++)
        for (let j = 0; j < kernel[1]; j++)
          pixels.push((row * strides[0] + i * dilations[0]) * wide + column * strides[1] + j * dilations[1]);
  return pixels;
}

/** Whether the windows are the pixels themselves. */
export const isPointwise = ({ kernel, strides, pads }: Windows): boolean =>
  [...kernel, ...strides].every((n) => n === 1) && pads.every((n) => n === 0);
