/** What turns images into vectors, before they are whitened and brought to unit length. */
import { createHash, type Hash } from 'node:crypto';
import { openDevice, type Device, type HostTensors } from '../../engine';
import { createEmbeddingStep, featureOf, type Encoder } from '../../learning';
import type { EncoderSource } from '../../shared/explorer/encoder-source';
import { inferenceBatch } from '../embedder';
import { bytesOf } from '../safetensors';
import { openOnnxEncoder } from './onnx-encoder';
import { openWeights, type WeightsSource } from './open-weights';
import { openPixels } from './pixels';

export interface RawEncoder {
  /** Side of the images, px. */
  readonly imageSize: number;
  /** Length of a vector. */
  readonly size: number;
  /** Equal where the same images give the same vectors: of weights, layers, normalization, image size and feature. */
  readonly fingerprint: string;
  /** Images that are best given at once. */
  readonly batchSize: number;
  /** "ResNet-18". */
  readonly architecture: string;
  readonly notes: readonly string[];
  /**
   * @param pixels [count, imageSize, imageSize, 3], sRGB 0-255.
   * @returns [count, size].
   */
  embed(pixels: Uint8Array, count: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface RawEncoderOptions {
  readonly device: 'auto' | 'cpu';
  /** 0 takes all cores. */
  readonly threads: number;
  /** Images that are given at once; what fills the device where left out. */
  readonly batchSize?: number | undefined;
  /** Told which device it is and why. */
  readonly onDevice?: (device: Device, reason: string) => void;
}

/** @throws UserError where it cannot be read, is of an unknown architecture, or has no such feature. */
export function openRawEncoder(
  source: EncoderSource,
  feature: string,
  options: RawEncoderOptions,
): Promise<RawEncoder> {
  if (source.kind === 'pixels') return Promise.resolve(openPixels(source.side, feature));
  if (source.kind === 'onnx') return openOnnxEncoder(source, feature, options);
  return openOurs(source, feature, options);
}

async function openOurs(
  source: WeightsSource,
  feature: string,
  options: RawEncoderOptions,
): Promise<RawEncoder> {
  const { backbone, config, state, normalization, architecture, notes } = await openWeights(source);
  const { size, apply } = featureOf(backbone, feature);
  const { imageSize, parameters } = backbone;
  const encoder: Encoder = { imageSize, featureSize: size, parameters, apply };
  const batchSize = options.batchSize ?? inferenceBatch(imageSize);
  const { device, reason } = await openDevice(options.device, { threads: options.threads, lowMemory: false });
  options.onDevice?.(device, reason);
  try {
    const step = await device.prepare(createEmbeddingStep(encoder, batchSize, normalization), state);
    const shape = [batchSize, imageSize, imageSize, 3];
    const bytes = imageSize * imageSize * 3;
    return {
      imageSize,
      size,
      fingerprint: fingerprintOf({ config, imageSize, normalization, feature: plain(feature) }, state),
      batchSize,
      architecture,
      notes,
      async embed(pixels, count) {
        const rows = new Float32Array(count * size);
        // A short batch keeps what was there before in its tail: rows do not see each other.
        const data = new Float32Array(batchSize * bytes);
        for (let start = 0; start < count; start += batchSize) {
          const some = Math.min(batchSize, count - start);
          data.set(pixels.subarray(start * bytes, (start + some) * bytes));
          const { embedding } = await step.run({ images: { dtype: 'float32', shape, data } });
          rows.set((embedding.data as Float32Array).subarray(0, some * size), start * size);
        }
        return rows;
      },
      async dispose() {
        await step.dispose();
        await device.dispose();
      },
    };
  } catch (error) {
    await device.dispose();
    throw error;
  }
}

/** Two names of one vector. */
const plain = (feature: string): string => (feature === 'cls' ? 'embedding' : feature);

/** Of what decides the vectors: settings, then tensors by name. */
function fingerprintOf(settings: unknown, tensors: HostTensors): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const name of Object.keys(tensors).sort()) update(hash, name, tensors);
  return hash.digest('hex').slice(0, 32);
}

function update(hash: Hash, name: string, tensors: HostTensors): void {
  const { shape, data } = tensors[name];
  hash.update(`\0${name}\0${shape.join()}\0`).update(bytesOf(data));
}
