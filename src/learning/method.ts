/** What a learning method is: its settings, its views, its parts, and a loss that reads like its paper. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type { TensorMap } from '../engine';
import type { Random } from '../shared/random';
import type { Backbone } from './backbones/backbone';
import type { Parameters, Weights } from './module';
import type { RgbMaps } from './rgb';
import type { Sampling } from './sampling';
import type { ViewRecipe } from './views/recipe';

/** Where training stands when a step's scalars are computed. */
export interface Progress {
  /** Steps done before this one; with gradient accumulation, a step is one batch, not one update. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}

export interface BuildContext<Options> {
  readonly options: Options;
  readonly encoder: Backbone;
  /** Names in label order; null where the data has no labels. */
  readonly classes: readonly string[] | null;
  readonly batchSize: number;
  /** Training images: `StepInput.positions` are below it. */
  readonly images: number;
}

/** Random numbers of a method's own, drawn for each image by (seed, epoch, image) alone: masks, permutations. */
export interface Draw {
  /** Of one image. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** @returns as many numbers as `shape` has. */
  readonly draw: (source: Random) => ArrayLike<number>;
}

/** What a loss is computed from. */
export interface StepInput {
  /** The trained parts by name. */
  readonly weights: PartWeights;
  /** The averaged copies of the parts that `MethodModel.teacher` names, and the fixed parts. No gradient. */
  readonly teacher: PartWeights;
  /** One tensor a view recipe, each [batch, size, size, 3], normalized. */
  readonly views: readonly Tensor[];
  /** From what views hold to RGB in [0, 1], and back. */
  readonly rgb: RgbMaps;
  /** [batch * images of a sample], int32, -1 where there is none; present where the method needs labels. */
  readonly labels?: Tensor;
  /** [batch], int32, in [0, images): each image's place among the training images, where the method needs it. */
  readonly positions?: Tensor;
  /** [batch, ...shape] of each of the model's draws. */
  readonly draws: TensorMap;
  /** [] of each of the model's schedules. */
  readonly scalars: TensorMap;
}
export type PartWeights = Readonly<Record<string, Weights>>;

export interface LossResult {
  /** Scalar. */
  readonly loss: Tensor;
  /** Scalars to chart, by name, e.g. accuracy. */
  readonly metrics: TensorMap;
  /** [n, d]: the vectors of this batch in which a collapse shows first, e.g. the projector's output. */
  readonly embedding: Tensor;
}

/** A copy of trained parts that follows them: teacher <- momentum teacher + (1 - momentum) student. */
export interface Teacher {
  /** Which parts it copies. */
  readonly parts: readonly string[];
  /** In [0, 1]. */
  readonly momentum: (progress: Progress) => number;
  /** Whether its encoder is the better one: what is evaluated, embedded with and exported. */
  readonly evaluated: boolean;
}

export interface MethodModel {
  /**
   * Trained parts by name; `encoder` is always there, e.g. {encoder, projector}. What a method remembers from step
   * to step (a centre, a queue) is a parameter of role `buffer`.
   */
  readonly parts: Readonly<Record<string, Parameters>>;
  readonly teacher?: Teacher;
  /** Parts that never move, computed as in evaluation; their weights are those of `config.teacher`. */
  readonly fixed?: Readonly<Record<string, Parameters>>;
  readonly draws?: Readonly<Record<string, Draw>>;
  /** Scalars that change from step to step (temperatures, momenta); fed to `loss` under their names. */
  readonly schedules: Readonly<Record<string, (progress: Progress) => number>>;
  readonly loss: (input: StepInput) => LossResult;
  /**
   * What the method sees, for people: [n, side, side, 3] each, RGB in [0, 1] (`rgb`), by caption; computed in
   * evaluation mode.
   */
  readonly pictures?: (input: StepInput) => TensorMap;
  /** Where the method classifies: [batch, size, size, 3] normalized images to [batch, classes] logits. */
  readonly predict?: (weights: PartWeights, images: Tensor) => Tensor;
  /** What a loss at chance level is, for the chart, e.g. ln(2N - 1) for NT-Xent; null where there is none. */
  readonly chanceLoss: number | null;
  /**
   * What to change where its embeddings collapse, as it follows "Try"; left out where the general advice is all. null
   * where no collapse can hide behind the loss, for each image has a target of its own that does not move: embeddings
   * may then be near each other and tell a lot.
   */
  readonly collapseAdvice?: string | null;
}

export interface Method<Options = unknown> {
  readonly id: string;
  readonly title: string;
  /** One sentence for the list of methods. */
  readonly summary: string;
  readonly paper: { readonly title: string; readonly url: string } | null;
  readonly options: z.ZodType<Options>;
  readonly needsLabels: boolean;
  /** Whether the loss is fed with `positions`. */
  readonly needsPositions?: boolean;
  /** Where a sample is more than one image. Views then hold [batch * images of a sample]. */
  readonly sampling?: (options: Options) => Sampling;
  /** Whether `config.teacher` must name the network that is learnt from, and what that is, for messages. */
  readonly needsTeacher?: string;
  readonly views: (options: Options, imageSize: number) => readonly ViewRecipe[];
  readonly build: (context: BuildContext<Options>) => MethodModel;
}
