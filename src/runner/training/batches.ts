/** The batch of any step: images by the run's data order, with the labels. */
import type { Dataset } from '../../data';
import type { TrainingBatch } from '../../learning';
import { random } from '../../shared/random';
import { dataOrder, repeatedOrder } from '../order';
import type { Samples, SequenceSamples } from './samples';

/** @returns a function of the 0-based step; the pixels are valid until the next call. */
export function batchReader(
  dataset: Dataset,
  samples: Samples,
  seed: number,
  batchSize: number,
): (step: number) => TrainingBatch {
  const choose = chooser(samples, dataset.count, seed, batchSize);
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

type Chosen = Pick<TrainingBatch, 'indices' | 'positions' | 'samples'> & { readonly images: Uint32Array };

function chooser(samples: Samples, count: number, seed: number, batchSize: number): (step: number) => Chosen {
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
        // A labelled image may come several times in an epoch, each time with draws of its own.
        const drawn = known.map((index, i) => index + count * rounds[i]);
        return { images: Uint32Array.of(...known, ...others), indices: Uint32Array.of(...drawn, ...others) };
      };
    }
    default:
      return samples satisfies never;
  }
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
