/** What a learning method is: its settings, its views, its parts, and a loss that reads like its paper. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type { TensorMap } from '../engine';
import type { Module, Parameters, Weights } from './module';
import type { ViewRecipe } from './views/recipe';

/** An image encoder without head: images to one embedding each. */
export interface Encoder extends Module {
  /** Side of the square input images, px. */
  readonly imageSize: number;
  /** Length of an embedding. */
  readonly featureSize: number;
  readonly parameters: Parameters;
  /** @param images [batch, imageSize, imageSize, 3], normalized. @returns [batch, featureSize]. */
  readonly apply: (weights: Weights, images: Tensor) => Tensor;
}

/** Where training stands when a step's scalars are computed. */
export interface Progress {
  /** Steps done before this one; with gradient accumulation, a step is one batch, not one update. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}

export interface BuildContext<Options> {
  readonly options: Options;
  readonly encoder: Encoder;
  /** Names in label order; null where the data has no labels. */
  readonly classes: readonly string[] | null;
  readonly batchSize: number;
}

export interface Batch {
  /** One tensor a view recipe, each [batch, size, size, 3], normalized. */
  readonly views: readonly Tensor[];
  /** [batch], int32; present where the method needs labels. */
  readonly labels?: Tensor;
}

export interface LossResult {
  /** Scalar. */
  readonly loss: Tensor;
  /** Scalars to chart, by name, e.g. accuracy. */
  readonly metrics: TensorMap;
  /** [n, d]: the vectors of this batch in which a collapse shows first, e.g. the projector's output. */
  readonly embedding: Tensor;
}

export interface MethodModel {
  /** Trained parts by name; `encoder` is always there, e.g. {encoder, projector}. */
  readonly parts: Readonly<Record<string, Parameters>>;
  /** Scalars that change from step to step (temperatures, momenta); fed to `loss` under their names. */
  readonly schedules: Readonly<Record<string, (progress: Progress) => number>>;
  readonly loss: (weights: Readonly<Record<string, Weights>>, batch: Batch, scalars: TensorMap) => LossResult;
  /** Where the method classifies: [batch, size, size, 3] normalized images to [batch, classes] logits. */
  readonly predict?: (weights: Readonly<Record<string, Weights>>, images: Tensor) => Tensor;
  /** What a loss at chance level is, for the chart, e.g. ln(2N - 1) for NT-Xent; null where there is none. */
  readonly chanceLoss: number | null;
}

export interface Method<Options = unknown> {
  readonly id: string;
  readonly title: string;
  /** One sentence for the list of methods. */
  readonly summary: string;
  readonly paper: { readonly title: string; readonly url: string } | null;
  readonly options: z.ZodType<Options>;
  readonly needsLabels: boolean;
  readonly views: (options: Options, imageSize: number) => readonly ViewRecipe[];
  readonly build: (context: BuildContext<Options>) => MethodModel;
}
