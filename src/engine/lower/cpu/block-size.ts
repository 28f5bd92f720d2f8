/** How many channels onnxruntime's NCHWc layout blocks together on this processor, found by trying. */
import * as ort from '../../onnxruntime';
import { OnnxModel } from '../../onnx/model';

const SIZE = 5;
const CHANNELS = 32;

let found: Promise<number | null> | undefined;

/** 16 with AVX-512, 8 with AVX2 or NEON; null where the layout gives wrong numbers or does not exist. */
export function blockSize(): Promise<number | null> {
  found ??= probe();
  return found;
}

async function probe(): Promise<number | null> {
  for (const block of [16, 8]) if (await works(block).catch(() => false)) return block;
  return null;
}

/** One 1x1 convolution in NCHWc against the same in plain NCHW. */
async function works(block: number): Promise<boolean> {
  const model = new OnnxModel('probe');
  const image = { shape: [1, CHANNELS, SIZE, SIZE], dtype: 'float32' } as const;
  model.input('x', image);
  const filter = Float32Array.from({ length: CHANNELS * CHANNELS }, (_, i) => Math.sin(i));
  const attributes = { kernel_shape: [1, 1] };
  model.node(
    'Conv',
    ['x', model.constant('float32', [CHANNELS, CHANNELS, 1, 1], filter)],
    ['plain'],
    attributes,
    '',
    'plain',
  );
  const nchwc = 'com.microsoft.nchwc';
  model.node('ReorderInput', ['x'], ['blocked'], {}, nchwc, 'in');
  const reordered = model.constant('float32', [CHANNELS, CHANNELS, 1, 1], blocked(filter, block));
  model.node('Conv', ['blocked', reordered], ['result'], attributes, nchwc, 'conv');
  model.node('ReorderOutput', ['result'], ['out'], { channels: CHANNELS }, nchwc, 'out');
  model.output('plain', image);
  model.output('out', image);
  const session = await ort.InferenceSession.create(model.encode(), {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 4,
  });
  const data = Float32Array.from({ length: CHANNELS * SIZE * SIZE }, (_, i) => Math.cos(i));
  const { plain, out } = await session.run({ x: new ort.Tensor('float32', data, image.shape) });
  await session.release();
  const expected = plain.data as Float32Array;
  return (out.data as Float32Array).every((value, i) => Math.abs(value - expected[i]) < 1e-4);
}

/** [out, in] as [out / block, in / block, block of in, block of out]. */
function blocked(filter: Float32Array, block: number): Float32Array {
  const out = new Float32Array(filter.length);
  let place = 0;
  for (let o = 0; o < CHANNELS; o += block)
    for (let i = 0; i < CHANNELS; i += block)
      for (let inner = 0; inner < block; inner++)
        for (let outer = 0; outer < block; outer++) out[place++] = filter[(o + outer) * CHANNELS + i + inner];
  return out;
}
