/**
 * The state of training as named tensors. "<part>/<torch name>" holds the weights, e.g.
 * "encoder/layer1.0.conv1.weight"; "optimizer/<slot>/<weight>", "accumulated/<weight>" and "ema/<weight>" follow. A
 * method's teacher is "ema/<weight>" where it is the better encoder, else "target/<weight>"; networks that never move
 * are "fixed/<weight>".
 */
import { sizeOf, type HostTensor, type HostTensors, type TensorSpecs } from '../../engine';
import type { RunConfig } from '../../shared/run-config';
import { initialize, type Parameter, type Parameters } from '../module';

/** Parts by name, e.g. {encoder, projector}. */
export type Parts = Readonly<Record<string, Parameters>>;

/** All parameters of all parts under their names in the state. */
export function named(parts: Parts): Record<string, Parameter> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, parameters]) =>
      Object.entries(parameters).map(([name, parameter]) => [`${part}/${name}`, parameter]),
    ),
  );
}

/**
 * The state before the first step: initial weights, averages equal to them, and zeros. Each weight depends on
 * the seed, the generation, its part and its name alone, so the same encoder starts the same under every method.
 * @param generation see `generationOf`.
 */
export function initialState(
  parts: Parts,
  specs: TensorSpecs,
  seed: number,
  generation: number,
): HostTensors {
  const weights = initialWeights(parts, seed, generation);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [
      name,
      weights[name.replace(/^(ema|target)\//, '')] ?? zeros(shape),
    ]),
  );
}

/** Initial weights of parts under their names in the state. */
export const initialWeights = (parts: Parts, seed: number, generation = 0): HostTensors =>
  initialize(named(parts), seed, generation);

/**
 * 1 where a run learns from another one's weights, else 0. With the values that the other one began with, at the same
 * seed, a new head would fit an encoder that was trained under the old one: it classified before its first step.
 */
export const generationOf = ({ init, teacher }: Pick<RunConfig, 'init' | 'teacher'>): number =>
  init === null && teacher === null ? 0 : 1;

export const specsOf = (parameters: Parameters): TensorSpecs =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, { shape, dtype: 'float32' }]),
  );

const zeros = (shape: readonly number[]): HostTensor => ({
  shape,
  dtype: 'float32',
  data: new Float32Array(sizeOf(shape)),
});

/** A scalar input of a step. */
export const scalar = (value: number): HostTensor => ({
  shape: [],
  dtype: 'float32',
  data: Float32Array.of(value),
});

/** The entries whose name begins with `prefix`, without it. */
export function under<T>(prefix: string, tensors: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

/** The entries with `prefix` before each name. */
export const prefixed = <T>(prefix: string, tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

/**
 * The encoder's tensors in a state, under torchvision / timm names: the averaged copy where the run keeps one,
 * since that is the better encoder.
 */
export function encoderOf(state: HostTensors): HostTensors {
  const averaged = under('ema/encoder/', state);
  return Object.keys(averaged).length > 0 ? averaged : under('encoder/', state);
}
