/** The batch of any step: images by the run's data order, with the labels. */
import type { Dataset } from '../../data';
import type { TrainingBatch } from '../../learning';
import { random } from '../../shared/random';
import { dataOrder, repeatedOrder } from '../order';
import type { RunConfig } from '../../shared/run-config';
import { nothingTaken, type Taken } from './pseudo-labels';
import { joined, type RoundSamples, type Samples, type SequenceSamples } from './samples';

/**
 * @param taken what self-training has taken for labelled when the step is read.
 * @returns a function of the 0-based step; the pixels are valid until the next call.
 */
export function batchReader(
  dataset: Dataset,
  samples: Samples,
  { seed, batchSize }: Pick<RunConfig, 'seed' | 'batchSize'>,
  taken: () => Taken = () => nothingTaken,
): (step: number) => TrainingBatch {
  const choose = chooser(samples, dataset, { seed, batchSize, taken });
  let pixels = new Uint8Array();
  const { labels } = dataset;
  return (step) => {
    const { images, ...chosen } = choose(step);
    if (pixels.length === 0) pixels = new Uint8Array(images.length * dataset.imageBytes);
    return {
      images: dataset.read(images, pixels),
      ...(labels && { labels: Int32Array.from(images, (index) => labels[index]) }),
      ...chosen,
      step,
    };
  };
}

type Chosen = Pick<TrainingBatch, 'indices' | 'positions' | 'samples' | 'labels'> & {
  readonly images: Uint32Array;
};
interface Choosing {
  readonly seed: number;
  readonly batchSize: number;
  readonly taken: () => Taken;
}

function chooser(samples: Samples, dataset: Dataset, choosing: Choosing): (step: number) => Chosen {
  const { seed, batchSize } = choosing;
  switch (samples.kind) {
    case 'image': {
      const order = dataOrder(seed, samples.images.length, batchSize);
      return (step) => {
        const positions = order(step);
        const images = positions.map((position) => samples.images[position]);
        return { images, indices: images, positions };
      };
    }
    case 'sequence':
      return framesOf(samples, seed, batchSize);
    case 'mixed': {
      const { labelled, unlabelled, ratio } = samples;
      const ofLabelled = repeatedOrder(seed, labelled.length, batchSize);
      const ofOthers = dataOrder(seed, unlabelled.length, batchSize * ratio);
      return (step) => {
        const { positions, rounds } = ofLabelled(step);
        const known = positions.map((position) => labelled[position]);
        const others = ofOthers(step).map((position) => unlabelled[position]);
        const drawn = drawnAnew(known, rounds, dataset.count);
        return { images: joined(known, others), indices: joined(drawn, others) };
      };
    }
    case 'rounds':
      return growing(samples, dataset, choosing);
    default:
      return samples satisfies never;
  }
}

/** An image may come several times in an epoch: each time it has a number, and so draws, of its own. */
function drawnAnew(images: Uint32Array, rounds: Uint32Array, count: number): Uint32Array {
  const most = Math.floor(2 ** 32 / count);
  return images.map((index, i) => index + count * (rounds[i] % most));
}

/** The labelled images and those taken for labelled, again and again; the order is another in every round. */
function growing(
  { labelled }: RoundSamples,
  { labels, count }: Dataset,
  { seed, batchSize, taken }: Choosing,
): (step: number) => Chosen {
  let known: {
    from: Taken;
    images: Uint32Array;
    labels: Int32Array;
    order: ReturnType<typeof repeatedOrder>;
  };
  const learn = (from: Taken) => {
    const images = joined(labelled, Uint32Array.from(from.images));
    const names = [...Array.from(labelled, (index) => labels![index]), ...from.labels];
    const order = repeatedOrder(seed, images.length, batchSize, 3 + from.round);
    return { from, images, labels: Int32Array.from(names), order };
  };
  return (step) => {
    if (known?.from !== taken()) known = learn(taken());
    const { positions, rounds } = known.order(step);
    const images = positions.map((position) => known.images[position]);
    return {
      images,
      indices: drawnAnew(images, rounds, count),
      labels: Int32Array.from(positions, (position) => known.labels[position]),
    };
  };
}

/** Each sample begins where its number says, and its frames lie evenly, as far apart as it draws in this epoch. */
function framesOf(
  { starts, frames, stride }: SequenceSamples,
  seed: number,
  batchSize: number,
): (step: number) => Chosen {
  const order = dataOrder(seed, starts.length, batchSize);
  const perEpoch = Math.floor(starts.length / batchSize);
  return (step) => {
    const chosen = order(step);
    const images = new Uint32Array(batchSize * frames);
    chosen.forEach((sample, row) => {
      const { sequence, at } = starts[sample];
      const room = Math.floor((sequence.frames.length - 1 - at) / (frames - 1));
      const source = random(seed, 'order', Math.floor(step / perEpoch), sample, 1);
      const apart = 1 + source.integer(Math.min(stride, room));
      for (let i = 0; i < frames; i++) images[row * frames + i] = sequence.frames[at + i * apart];
    });
    const indices = Uint32Array.from(images, (_, i) => chosen[Math.floor(i / frames)]);
    return { images, indices, samples: chosen };
  };
}
