/** Convolutions and their input gradients in NCHWc, onnxruntime's fastest layout on CPU. */
import type { Node, Value } from '../../graph/graph';
import { convolutionKernels, filterGradient, OIHW } from '../../kernels/convolution';
import { convolutionWindows, windowAttributes, type Windows } from '../../kernels/windows';
import type { KernelTable } from '../../trace/kernel-table';
import { NCHW } from '../layout';
import type { Lowering } from '../lowering';
import { lowerFilterGradient } from './filter-gradient';
import { NCHWC } from './nchwc';

/** Filters [out, in, h, w] as [out / b, in / b, h, w, b of in, b of out]; fewer than b inputs stay as they are. */
function forwardFilter(filter: Value, block: number, lowering: Lowering): string {
  const [height, width, input, output] = filter.shape;
  const name = lowering.read(filter, OIHW);
  const shape = [output, input, height, width];
  if (input < block) {
    const split = lowering.reshape(name, [output / block, block, input * height * width]);
    return lowering.reshape(lowering.transpose(split, [0, 2, 1]), shape);
  }
  const split = lowering.reshape(name, [output / block, block, input / block, block, height * width]);
  return lowering.reshape(lowering.transpose(split, [0, 2, 4, 3, 1]), shape);
}

/** The same filters for the way back, inputs and outputs exchanged: [in / b, out / b, h * w, b of out, b of in]. */
function backwardFilter(filter: Value, block: number, lowering: Lowering): string {
  const [height, width, input, output] = filter.shape;
  const split = lowering.reshape(lowering.read(filter, OIHW), [
    output / block,
    block,
    input / block,
    block,
    height * width,
  ]);
  return lowering.transpose(split, [2, 0, 4, 1, 3]);
}

const fits = (channels: number, block: number): boolean => channels % block === 0;

function forward(node: Node, lowering: Lowering): void {
  const { x, filter } = node.inputs;
  const [output] = node.outputs;
  const block = lowering.target.block!;
  const { inChannels, outChannels, ...windows } = convolutionWindows(x.shape, filter.shape, node.attrs);
  if (!fits(outChannels, block) || !(fits(inChannels, block) || inChannels < block)) {
    convolutionKernels.Conv2D.lower(node, lowering);
    return;
  }
  const image = lowering.read(x, inChannels < block ? NCHW : 'blocked');
  const attributes = windowAttributes({ inChannels, outChannels, ...windows });
  const name = lowering.emit('Conv', [image, forwardFilter(filter, block, lowering)], attributes, NCHWC);
  lowering.define(output, name, 'blocked');
}

/**
 * One of the stride^2 interleaved parts of an input gradient along one axis: input positions r, r + stride, ... see
 * the taps k with (r + pad - k) divisible by the stride, at output position a + (r + pad - k) / stride.
 */
interface Phase {
  /** Kernel taps in the order of growing output position. */
  readonly taps: readonly number[];
  readonly pads: readonly [number, number];
}

function phases(size: number, out: number, kernel: number, stride: number, pad: number): Phase[] {
  return Array.from({ length: stride }, (_, r) => {
    const taps = Array.from({ length: kernel }, (_, k) => kernel - 1 - k).filter(
      (k) => (r + pad - k) % stride === 0,
    );
    if (taps.length === 0) return { taps, pads: [0, 0] };
    const offset = (k: number) => (r + pad - k) / stride;
    const count = size / stride;
    return { taps, pads: [-offset(taps[0]), count + offset(taps[taps.length - 1]) - out] };
  });
}

/** Stride 1 is one convolution with flipped filters; stride s is s^2 of them, interleaved. */
function inputGradient(node: Node, lowering: Lowering): void {
  const { dy, filter } = node.inputs;
  const [output] = node.outputs;
  const block = lowering.target.block!;
  const windows = convolutionWindows(output.shape, filter.shape, node.attrs);
  const { height, width, outHeight, outWidth, kernel, strides, pads, dilations } = windows;
  const rows = phases(height, outHeight, kernel[0], strides[0], pads[0]);
  const columns = phases(width, outWidth, kernel[1], strides[1], pads[1]);
  const regular =
    fits(windows.inChannels, block) &&
    fits(windows.outChannels, block) &&
    height % strides[0] === 0 &&
    width % strides[1] === 0 &&
    dilations.every((n) => n === 1) &&
    [...rows, ...columns].every((phase) => phase.pads.every((n) => n >= 0));
  if (!regular) {
    convolutionKernels.Conv2DBackpropInput.lower(node, lowering);
    return;
  }
  const errors = lowering.read(dy, 'blocked');
  const turned = backwardFilter(filter, block, lowering);
  const parts = rows.map((row) =>
    columns.map((column) => phase(errors, turned, row, column, windows, lowering)),
  );
  lowering.define(output, interleave(parts, windows, block, lowering), 'blocked');
}

function phase(
  errors: string,
  filter: string,
  row: Phase,
  column: Phase,
  windows: Windows,
  lowering: Lowering,
): string {
  const { batch, inChannels, outChannels, height, width, strides, kernel } = windows;
  const shape = [batch, inChannels, height / strides[0], width / strides[1]];
  if (row.taps.length * column.taps.length === 0) return lowering.expand(lowering.scalar(0), shape);
  const taps = row.taps.flatMap((i) => column.taps.map((j) => i * kernel[1] + j));
  const inOrder = taps.length === kernel[0] * kernel[1] && taps.every((tap, i) => tap === i);
  const picked = inOrder ? filter : lowering.emit('Gather', [filter, lowering.ints(taps)], { axis: 2 });
  const kernelShape = [row.taps.length, column.taps.length];
  return lowering.emit(
    'Conv',
    [errors, lowering.reshape(picked, [inChannels, outChannels, ...kernelShape])],
    { kernel_shape: kernelShape, pads: [row.pads[0], column.pads[0], row.pads[1], column.pads[1]] },
    NCHWC,
  );
}

/** Puts the phases' pixels between each other: columns first, then rows. */
function interleave(parts: string[][], windows: Windows, block: number, lowering: Lowering): string {
  const { batch, inChannels, height, width, strides } = windows;
  if (strides.every((n) => n === 1)) return parts[0][0];
  const lines = batch * (inChannels / block) * (height / strides[0]);
  const rows = parts.map((row) => {
    const pixels = row.map((part) => lowering.reshape(part, [lines * (width / strides[1]), block]));
    return lowering.reshape(lowering.emit('Concat', pixels, { axis: 1 }), [lines, width * block]);
  });
  return lowering.reshape(lowering.emit('Concat', rows, { axis: 1 }), [batch, inChannels, height, width]);
}

export const cpuConvolutionKernels: KernelTable = {
  Conv2D: { ...convolutionKernels.Conv2D, lower: forward },
  Conv2DBackpropInput: { ...convolutionKernels.Conv2DBackpropInput, lower: inputGradient },
  Conv2DBackpropFilter: { ...filterGradient, lower: lowerFilterGradient },
};
