/** Initial values of parameters, as PyTorch, torchvision and timm draw them. */
import type { Random } from '../../shared/random';
import type { Parameter, ParameterRole } from '../module';

type Initializer = Parameter['initialize'];

const fill = (draw: (source: Random) => number): Initializer => {
  return (source, size) => Float32Array.from({ length: size }, () => draw(source));
};

export const constant = (value: number): Initializer => fill(() => value);

/** Normal of mean 0. */
export const normal = (std: number): Initializer => fill((source) => std * source.normal());

/**
 * PyTorch's default for weights and biases of convolutions and linear layers, U(-1/sqrt(fanIn), 1/sqrt(fanIn)):
 * `kaiming_uniform_(a=sqrt(5))` comes to the same.
 */
export const fanInUniform = (fanIn: number): Initializer =>
  fill((source) => source.between(-1, 1) / Math.sqrt(fanIn));

/** torchvision's ResNet convolutions: `kaiming_normal_(mode="fan_out", nonlinearity="relu")`. He et al. 2015. */
export const kaimingFanOut = (fanOut: number): Initializer => normal(Math.sqrt(2 / fanOut));

export const parameter = (
  shape: readonly number[],
  role: ParameterRole,
  initialize: Initializer,
): Parameter => ({ shape, role, initialize });
