/** What a method shows of itself on a few images, as a step: with the weights of a moment, in evaluation mode. */
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensors, StepDefinition, TensorSpecs } from '../../engine';
import { Weights } from '../module';
import { rgbMaps } from '../rgb';
import { makeViews, teacherWeights } from './graph';
import { batchInputs, inputSpecs, type TrainingBatch } from './inputs';
import type { Plan } from './plan';
import { named, prefixed, specsOf, under } from './state';

/** The same picture of each image. */
export interface PictureStrip {
  readonly caption: string;
  readonly height: number;
  readonly width: number;
  /** [images, height, width, 3], RGB in 0..255. */
  readonly pixels: Uint8Array;
}

export interface PictureStep {
  readonly definition: StepDefinition;
  /** What it needs of a training state. */
  state(training: HostTensors): HostTensors;
  /** @param batch of as many images as the step is for. The same draws whenever it is asked: those of epoch 0. */
  inputs(batch: Omit<TrainingBatch, 'step'>): HostTensors;
  strips(outputs: HostTensors): PictureStrip[];
}

/** @returns null where the method shows nothing. @param images how many. */
export function createPictureStep(training: Plan, images: number): PictureStep | null {
  const { pictures } = training.model;
  if (!pictures) return null;
  const plan: Plan = {
    ...training,
    // What a loss remembers of single images, nobody sees.
    method: { ...training.method, needsPositions: false },
    imagesPerStep: images,
    config: { ...training.config, batchSize: images, accumulate: 1 },
  };
  const { config, model, method } = plan;
  const specs: TensorSpecs = {
    ...specsOf(named(model.parts)),
    ...prefixed(plan.teacherPrefix, specsOf(plan.taught)),
    ...prefixed('fixed/', specsOf(named(model.fixed ?? {}))),
  };
  /** The order of an object's keys is lost on the way through a model's outputs. */
  let captions: string[] = [];
  return {
    definition: {
      name: `${method.id} pictures`,
      state: specs,
      inputs: withoutUpdate(inputSpecs(plan)),
      step: (state, inputs) => {
        const made = pictures({
          weights: Object.fromEntries(
            Object.keys(model.parts).map((part) => [part, new Weights(state, false, {}, `${part}/`)]),
          ),
          teacher: teacherWeights(plan, state, false, {}),
          views: makeViews(plan, inputs),
          rgb: rgbMaps(config.data),
          ...('labels' in inputs && { labels: inputs.labels }),
          draws: under('draw/', inputs),
          scalars: under('schedule/', inputs),
        });
        captions = Object.keys(made);
        const bytes = Object.entries(made).map(
          ([caption, picture]) => [caption, tf.mul(picture, 255)] as const,
        );
        return { state, outputs: Object.fromEntries(bytes) };
      },
    },
    state: (all) => Object.fromEntries(Object.keys(specs).map((name) => [name, all[name]])),
    inputs: (batch) => withoutUpdate(batchInputs(plan, { ...batch, step: 0 })),
    strips: (outputs) =>
      captions.map((caption) => {
        const { shape, data } = outputs[caption];
        return { caption, height: shape[1], width: shape[2], pixels: bytesOf(data) };
      }),
  };
}

/** Nothing is trained here. */
const withoutUpdate = <T>(inputs: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith('optimizer/')));

/** Rounded, and kept within 0..255. */
const bytesOf = (values: ArrayLike<number>): Uint8Array =>
  new Uint8Array(Uint8ClampedArray.from(values).buffer);
