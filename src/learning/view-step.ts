/** The views of some images alone, as pictures: what training would see of them. */
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors, StepDefinition } from '../engine';
import type { RunConfig } from '../shared/run-config';
import { findMethod } from './registry';
import { applyViews, sampleViews, VIEW_PARAMETER_COUNT, type ViewRecipe } from './views';

export interface ViewStep {
  /** Equal for configurations whose views the same definition computes: only their draws differ. */
  readonly key: string;
  readonly definition: StepDefinition;
  /** What each view is called, and its side, px. */
  readonly views: readonly { readonly name: string; readonly size: number }[];
  /**
   * @param images [batch, imageSize, imageSize, 3], RGB in 0..255. @param indices their numbers in the data set.
   * @param epoch whose draws are taken.
   */
  inputs(images: Uint8Array, indices: ArrayLike<number>, epoch: number): HostTensors;
  /** @returns for each view, [batch, size, size, 3], RGB in 0..255. */
  pictures(outputs: HostTensors): Uint8Array[];
}

/** @throws UserError where there is no such method. */
export function createViewStep(
  { method, options, data, seed }: Pick<RunConfig, 'method' | 'options' | 'data' | 'seed'>,
  batch: number,
): ViewStep {
  const { imageSize, mean, std } = data;
  const recipes = findMethod(method).views(options, imageSize);
  const draws = recipes.map((_, view) => [`view${view}`, [batch, VIEW_PARAMETER_COUNT]] as const);
  const shapes = { images: [batch, imageSize, imageSize, 3], ...Object.fromEntries(draws) };
  return {
    key: JSON.stringify([batch, imageSize, mean, std, recipes.map(structure)]),
    definition: {
      name: 'views',
      state: {},
      inputs: Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: 'float32' as const }]),
      ),
      step: (state, inputs) => {
        const images = tf.mul(inputs.images, 1 / 255);
        // Back from what the encoder is fed to pixels.
        const scale = std.map((value) => 255 * value);
        const offset = mean.map((value) => 255 * value);
        const views = recipes.map((recipe, view) => {
          const seen = applyViews(images, inputs[`view${view}`], recipe, mean, std);
          const pixels = tf.add(tf.mul(seen, scale), offset);
          return [`view${view}`, pixels] as const;
        });
        return { state, outputs: Object.fromEntries(views) };
      },
    },
    views: recipes.map(({ name, size }, i) => ({
      name: name ?? (recipes.length > 1 ? `View ${i + 1}` : 'View'),
      size,
    })),
    inputs: (images, indices, epoch) => ({
      images: { shape: shapes.images, dtype: 'float32', data: new Float32Array(images) },
      ...Object.fromEntries(
        recipes.map((recipe, view) => [
          `view${view}`,
          {
            shape: [batch, VIEW_PARAMETER_COUNT],
            dtype: 'float32' as const,
            data: sampleViews(recipe, imageSize, { seed, epoch, images: indices, view }),
          },
        ]),
      ),
    }),
    pictures: (outputs) => recipes.map((_, view) => bytesOf(outputs[`view${view}`].data)),
  };
}

function bytesOf(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = values[i];
  return new Uint8Array(bytes.buffer);
}

/** What of a recipe decides which operations `applyViews` makes; the rest only decides what is drawn. */
function structure({ size, crop, padCrop, flip, jitter, grayscale, blur, solarize, squareMask }: ViewRecipe) {
  const colors = jitter && jitter.probability > 0 ? jitter : null;
  return [
    size,
    squareMask,
    [crop, padCrop, flip, blur, grayscale, solarize].map(Boolean),
    [colors?.brightness, colors?.contrast, colors?.saturation, colors?.hue].map(Boolean),
  ];
}
