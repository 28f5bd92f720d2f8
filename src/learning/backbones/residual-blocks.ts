/** The two residual blocks of ResNets, with torchvision's parameter names. He et al. 2015. */
import { batchNorm, batchNormAddRelu } from '../layers/batch-norm';
import { conv } from '../layers/conv';
import { sequential } from '../layers/sequential';
import { collect, type Module, type Parameters } from '../module';

/** A block's constructor and how many channels it puts out for each of its inner channels. */
export interface BlockKind {
  readonly expansion: number;
  /** [batch, height, width, inputs] to [batch, height / stride, width / stride, expansion * channels]. */
  readonly build: (inputs: number, channels: number, stride: number) => Module;
}

/** Two 3x3 convolutions: ResNet-18 and 34. */
export const basicBlock: BlockKind = {
  expansion: 1,
  build(inputs, channels, stride) {
    const parts = {
      conv1: conv(inputs, channels, 3, { stride }),
      bn1: batchNorm(channels, { relu: true }),
      conv2: conv(channels, channels, 3),
    };
    return residualBlock(parts, 'bn2', { inputs, outputs: channels, stride });
  },
};

/** 1x1, 3x3, 1x1 convolutions, the stride in the 3x3 one ("V1.5", as torchvision): ResNet-50. */
export const bottleneckBlock: BlockKind = {
  expansion: 4,
  build(inputs, channels, stride) {
    const parts = {
      conv1: conv(inputs, channels, 1),
      bn1: batchNorm(channels, { relu: true }),
      conv2: conv(channels, channels, 3, { stride }),
      bn2: batchNorm(channels, { relu: true }),
      conv3: conv(channels, 4 * channels, 1),
    };
    return residualBlock(parts, 'bn3', { inputs, outputs: 4 * channels, stride });
  },
};

/** relu(lastNorm(parts(x)) + x), with a strided 1x1 convolution on x where the shapes differ. */
function residualBlock(
  parts: Readonly<Record<string, Module>>,
  lastNorm: string,
  { inputs, outputs, stride }: { inputs: number; outputs: number; stride: number },
): Module {
  const branch = sequential(parts);
  const norm = batchNormAddRelu(outputs);
  const downsample =
    stride === 1 && inputs === outputs
      ? undefined
      : sequential({ 0: conv(inputs, outputs, 1, { stride }), 1: batchNorm(outputs) });
  const parameters: Parameters = {
    ...branch.parameters,
    ...collect({ [lastNorm]: norm.parameters, ...(downsample && { downsample: downsample.parameters }) }),
  };
  return {
    parameters,
    apply: (weights, input) => {
      const residual = downsample ? weights.apply('downsample', downsample, input) : input;
      return weights.apply(lastNorm, norm, { x: branch.apply(weights, input), residual });
    },
  };
}
