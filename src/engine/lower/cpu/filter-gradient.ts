/**
 * The gradient of a filter as one pointwise convolution in NCHWc. The product im2col(x)^T x dy over all positions of all
 * images is a 1x1 convolution whose input channels are the positions: dy is its input, with one pixel an output channel,
 * and the windows of x are its filters. In NCHWc those filters are x as it lies, gathered in whole blocks of channels.
 * onnxruntime's pointwise kernel takes long inner sums better than its matrix product: 1.1 to 2 times as fast.
 */
import type { Node } from '../../graph/graph';
import { filterGradient } from '../../kernels/convolution';
import {
  convolutionWindows,
  isPointwise,
  padImages,
  paddedPixels,
  windowPixels,
  type Windows,
} from '../../kernels/windows';
import type { Lowering } from '../lowering';
import { NCHWC } from './nchwc';

/** The table of pixels is a constant of the model; a larger one (large images) costs more than it gains. */
const LARGEST_TABLE = 4 * 2 ** 20;
/** Bytes of windows that are gathered at once: they are nine times the image, and read once. */
export const LARGEST_PART = 32 * 2 ** 20;

export function lowerFilterGradient(node: Node, lowering: Lowering): void {
  const { x, dy } = node.inputs;
  const [output] = node.outputs;
  const block = lowering.target.block!;
  const windows = convolutionWindows(x.shape, output.shape, node.attrs);
  const { batch, outHeight, outWidth, kernel, inChannels, outChannels } = windows;
  const positions = batch * outHeight * outWidth;
  const size = kernel[0] * kernel[1];
  const suits =
    lowering.layoutsOf(x).includes('blocked') &&
    positions % block === 0 &&
    outChannels % block === 0 &&
    positions * size <= LARGEST_TABLE;
  if (!suits) {
    filterGradient.lower(node, lowering);
    return;
  }
  const parts = partsOf(windows, block);
  // onnxruntime runs a node's inputs last one first: written before dy is read, the windows are gathered only once dy is
  // there, and each part only when the one before is used up.
  const filters = windowFilters(lowering.read(x, 'blocked'), windows, parts, block, lowering).map((part) =>
    lowering.reshape(part, [size * inChannels, positions / parts, 1, 1]),
  );
  // Positions become channels, output channels pixels: to onnxruntime's reordering, dy in NHWC is such an image in NCHW.
  const shape = [1, positions, block, outChannels / block];
  const errors = lowering.emit('ReorderInput', [lowering.reshape(lowering.read(dy), shape)], {}, NCHWC);
  const sizes = lowering.ints(filters.map(() => positions / parts));
  const errorParts = parts === 1 ? [errors] : lowering.emitMany('Split', [errors, sizes], parts, { axis: 1 });
  let gradient: string | undefined;
  for (const [part, filter] of filters.entries()) {
    // The sum so far is what the kernel adds to.
    const sum = gradient === undefined ? [] : ['', gradient];
    gradient = lowering.emit('Conv', [errorParts[part], filter, ...sum], { kernel_shape: [1, 1] }, NCHWC);
  }
  const blocks = lowering.reshape(gradient!, [inChannels / block, size, outChannels, block]);
  const byOutput = lowering.transpose(blocks, [2, 1, 0, 3]);
  lowering.define(output, lowering.reshape(byOutput, [outChannels, ...kernel, inChannels]), [3, 0, 1, 2]);
}

/** In how many equal groups of images the windows are gathered: as few as stay below {@link LARGEST_PART}. */
function partsOf(windows: Windows, block: number): number {
  const { batch, outHeight, outWidth, kernel, inChannels } = windows;
  if (isPointwise(windows)) return 1;
  const places = outHeight * outWidth;
  const bytes = 4 * batch * places * kernel[0] * kernel[1] * inChannels;
  for (let parts = 1; parts < batch; parts++) {
    const suits = batch % parts === 0 && ((batch / parts) * places) % block === 0;
    if (suits && bytes / parts <= LARGEST_PART) return parts;
  }
  return 1;
}

/** x [N, C / block, H, W, block] as [C / block, kernel, positions, block], cut into `parts` along the positions. */
function windowFilters(
  x: string,
  windows: Windows,
  parts: number,
  block: number,
  lowering: Lowering,
): string[] {
  const { batch, height, width, inChannels, kernel, outHeight, outWidth } = windows;
  const groups = inChannels / block;
  const byChannel = lowering.transpose(
    lowering.reshape(x, [batch, groups, height * width * block]),
    [1, 0, 2],
  );
  if (isPointwise(windows)) return [byChannel];
  const image = lowering.reshape(byChannel, [groups * batch, height, width, block]);
  const padded = padImages(image, windows, lowering);
  const pixels = lowering.reshape(padded, [groups, batch * paddedPixels(windows), block]);
  const size = kernel[0] * kernel[1];
  const images = batch / parts;
  return Array.from({ length: parts }, (_, part) => {
    const table = lowering.shared(`windows of ${JSON.stringify(windows)}, ${part} of ${parts}`, () =>
      lowering.model.constant(
        'int32',
        [size, images * outHeight * outWidth],
        windowTable(windows, part * images, images),
      ),
    );
    return lowering.emit('Gather', [pixels, table], { axis: 1 });
  });
}

/**
 * For each tap of the kernel and each position of `count` images from `first` on, the pixel it sees, in the padded images
 * end to end.
 */
function windowTable(windows: Windows, first: number, count: number): Int32Array {
  const { kernel, outHeight, outWidth } = windows;
  const [size, places] = [kernel[0] * kernel[1], outHeight * outWidth];
  const pixels = windowPixels(windows);
  const imageSize = paddedPixels(windows);
  const table = new Int32Array(size * count * places);
  for (let tap = 0; tap < size; tap++)
    for (let image = 0; image < count; image++)
      for (let place = 0; place < places; place++)
        table[(tap * count + image) * places + place] =
          (first + image) * imageSize + pixels[place * size + tap];
  return table;
}
