/**
 * The state of training as named tensors. "<part>/<torch name>" holds the weights, e.g.
 * "encoder/layer1.0.conv1.weight"; "optimizer/<slot>/<weight>", "accumulated/<weight>" and "ema/<weight>" follow. A
 * method's teacher is "ema/<weight>" where it is the better encoder, else "target/<weight>"; networks that never move
 * are "fixed/<weight>".
 */
import { sizeOf, type HostTensor, type HostTensors, type TensorSpecs } from '../../engine';
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
 * the seed, its part and its name alone, so the same encoder starts the same under every method.
 */
export function initialState(parts: Parts, specs: TensorSpecs, seed: number): HostTensors {
  const weights = initialWeights(parts, seed);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [
      name,
      weights[name.replace(/^(ema|target)\//, '')] ?? zeros(shape),
    ]),
  );
}

/** Initial weights of parts under their names in the state. */
export const initialWeights = (parts: Parts, seed: number): HostTensors => initialize(named(parts), seed);

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
