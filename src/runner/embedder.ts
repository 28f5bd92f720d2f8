/** Runs an encoder over images of a data set: batches in, embeddings out. */
import type { Dataset } from '../data';
import { sizeOf, type Device, type HostTensors, type Step, type StepDefinition } from '../engine';
import { breathe, type JobContext } from './job';

/** Pixels a batch: enough to fill the device, few enough for its memory. */
const BATCH_PIXELS = 2 ** 18;

/** Images a batch at this side, px. */
export const inferenceBatch = (imageSize: number): number =>
  Math.max(8, Math.min(256, Math.floor(BATCH_PIXELS / imageSize ** 2)));

export interface RowBatch {
  /** Data set indices of the rows. */
  readonly indices: Uint32Array;
  /** [indices, columns]. */
  readonly rows: Float32Array;
}

/** A step with one input, `images`, whose one output has a row an image: embeddings or class scores. */
export class RowStep {
  private constructor(
    private readonly step: Step,
    private readonly output: string,
    private readonly batchSize: number,
  ) {}

  static async prepare(
    device: Device,
    definition: StepDefinition,
    output: string,
    state: HostTensors,
  ): Promise<RowStep> {
    const [batchSize] = definition.inputs.images.shape;
    return new RowStep(await device.prepare(definition, state), output, batchSize);
  }

  /** Replaces the weights. */
  load(state: HostTensors): Promise<void> {
    return this.step.writeState(state);
  }

  /**
   * In the order of `indices`; the last batch may be smaller.
   * @throws the signal's reason where it is aborted meanwhile.
   */
  async *batches(dataset: Dataset, indices: Uint32Array, context: JobContext): AsyncGenerator<RowBatch> {
    const { batchSize } = this;
    const side = dataset.imageSize;
    const pixels = new Uint8Array(batchSize * dataset.imageBytes);
    for (let start = 0; start < indices.length; start += batchSize) {
      const some = indices.subarray(start, start + batchSize);
      // A short batch keeps the pixels of the one before in its tail: rows do not see each other.
      dataset.read(some, pixels);
      const images = {
        dtype: 'float32',
        shape: [batchSize, side, side, 3],
        data: new Float32Array(pixels),
      } as const;
      const { data, shape } = (await this.step.run({ images }))[this.output];
      const columns = sizeOf(shape) / batchSize;
      yield { indices: some, rows: (data as Float32Array).subarray(0, some.length * columns) };
      await breathe(context);
    }
  }

  /** All rows at once, [indices, columns]. */
  async all(
    dataset: Dataset,
    indices: Uint32Array,
    context: JobContext,
    onBatch: (images: number) => void = () => undefined,
  ): Promise<Float32Array> {
    let rows: Float32Array | undefined;
    let done = 0;
    for await (const batch of this.batches(dataset, indices, context)) {
      const columns = batch.rows.length / batch.indices.length;
      rows ??= new Float32Array(indices.length * columns);
      rows.set(batch.rows, done * columns);
      done += batch.indices.length;
      onBatch(batch.indices.length);
    }
    return rows ?? new Float32Array();
  }

  dispose(): Promise<void> {
    return this.step.dispose();
  }
}
