/** A network part: the parameters it needs, by their torchvision / timm names, and how it computes with them. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { scope, type HostTensors, type TensorMap } from '../engine';
import { random, type Random } from '../shared/random';

/** `norm` is scale or offset of a normalization; `buffer` is not trained (running statistics). */
export type ParameterRole = 'weight' | 'bias' | 'norm' | 'buffer';

export interface Parameter {
  /** In PyTorch's layout: convolution [out, in, height, width], linear [out, in]. */
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  readonly initialize: (source: Random, size: number) => Float32Array;
}
export type Parameters = Readonly<Record<string, Parameter>>;

export interface Module<In = Tensor, Out = Tensor> {
  readonly parameters: Parameters;
  readonly apply: (weights: Weights, x: In) => Out;
}

/** The tensors of a module during one forward pass. */
export class Weights {
  /**
   * @param tensors by full name.
   * @param training whether normalizations use the batch's statistics and update the running ones.
   * @param updates receives the next values of buffers, by full name.
   */
  constructor(
    private readonly tensors: TensorMap,
    readonly training: boolean,
    readonly updates: TensorMap = {},
    private readonly prefix = '',
  ) {}

  /** @throws Error naming the parameter if it is missing. */
  get(name: string): Tensor {
    const tensor = this.tensors[this.prefix + name];
    if (!tensor) throw new Error(`No parameter "${this.prefix + name}"`);
    return tensor;
  }

  /** The value of a buffer after the updates so far: a module applied twice in a step updates it twice. */
  latest(name: string): Tensor {
    return this.updates[this.prefix + name] ?? this.get(name);
  }

  /** Sets the next value of a buffer. */
  update(name: string, value: Tensor): void {
    this.updates[this.prefix + name] = value;
  }

  /** Applies a child module under `name`: its parameters are "name.…" and its ops are profiled as that layer. */
  apply<In, Out>(name: string, module: Module<In, Out>, x: In): Out {
    return scope(name, () => module.apply(this.child(name), x));
  }

  child(name: string): Weights {
    return new Weights(this.tensors, this.training, this.updates, `${this.prefix}${name}.`);
  }
}

/** The parameters of children under their names: {"conv1": {weight}} becomes {"conv1.weight"}. */
export function collect(children: Readonly<Record<string, Parameters>>): Parameters {
  return Object.fromEntries(
    Object.entries(children).flatMap(([child, parameters]) =>
      Object.entries(parameters).map(([name, parameter]) => [`${child}.${name}`, parameter]),
    ),
  );
}

/**
 * Initial values; each parameter draws from its own place of the counter space, so adding one moves no other.
 * @param generation of the same parameters at the same seed, each with other values.
 */
export function initialize(parameters: Parameters, seed: number, generation = 0): HostTensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, initialize: draw }]) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return [
        name,
        { shape, dtype: 'float32', data: draw(random(seed, 'initialization', hash(name), generation), size) },
      ];
    }),
  );
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
