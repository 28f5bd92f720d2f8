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

/** Images that come again and again, each with the class that it is learnt as. */
interface Pool {
  readonly images: Uint32Array;
  readonly labels: ArrayLike<number>;
  readonly order: ReturnType<typeof repeatedOrder>;
}

/** Labelled images, and beside them those taken for labelled; the order is another in every round. */
function growing(
  { labelled, labelledShare }: RoundSamples,
  { labels, count }: Dataset,
  { seed, batchSize, taken }: Choosing,
): (step: number) => Chosen {
  const truth = Array.from(labelled, (index) => labels![index]);
  let known: { from: Taken; pools: readonly Pool[] };
  const learn = (from: Taken) => {
    const ofLabelled = from.images.length === 0 ? batchSize : share(batchSize, labelledShare);
    const pools = [
      { images: labelled, labels: truth, size: ofLabelled },
      { images: Uint32Array.from(from.images), labels: from.labels, size: batchSize - ofLabelled },
    ]
      .filter(({ size }) => size > 0)
      .map(({ images, labels, size }, at) => {
        const order = repeatedOrder(seed, images.length, size, 3 + 2 * from.round + at);
        return { images, labels, order };
      });
    return { from, pools };
  };
  return (step) => {
    if (known?.from !== taken()) known = learn(taken());
    const drawn = known.pools.map(({ images, labels, order }) => {
      const { positions, rounds } = order(step);
      const chosen = positions.map((position) => images[position]);
      const names = Int32Array.from(positions, (position) => labels[position]);
      return { images: chosen, indices: drawnAnew(chosen, rounds, count), labels: names };
    });
    return {
      images: Uint32Array.from(drawn.flatMap(({ images }) => [...images])),
      indices: Uint32Array.from(drawn.flatMap(({ indices }) => [...indices])),
      labels: Int32Array.from(drawn.flatMap(({ labels }) => [...labels])),
    };
  };
}

/** That share of a batch, at least one image and not all of them. */
const share = (batchSize: number, part: number): number =>
  Math.max(1, Math.min(batchSize - 1, Math.round(part * batchSize)));

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
