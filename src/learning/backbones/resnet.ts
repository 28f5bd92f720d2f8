/** ResNet-18, 34 and 50 with torchvision's names, layouts and initial values. He et al. 2015, arXiv:1512.03385. */
import * as tf from '@tensorflow/tfjs-core';
import { scope } from '../../engine';
import type { BackboneConfig } from '../../shared/run-config';
import { batchNorm } from '../layers/batch-norm';
import { conv, pad } from '../layers/conv';
import { sequential } from '../layers/sequential';
import { collect, type Module, type Weights } from '../module';
import type { ConvolutionalBackbone } from './backbone';
import { basicBlock, bottleneckBlock, type BlockKind } from './residual-blocks';

export type ResNetConfig = Extract<BackboneConfig, { kind: 'resnet' }>;

const DEPTHS: Record<ResNetConfig['depth'], { kind: BlockKind; blocks: readonly number[] }> = {
  18: { kind: basicBlock, blocks: [2, 2, 2, 2] },
  34: { kind: basicBlock, blocks: [3, 4, 6, 3] },
  50: { kind: bottleneckBlock, blocks: [3, 4, 6, 3] },
};

/**
 * The network without its classifier: the mean over positions of layer4. `features` are layer1 to layer4,
 * [batch, height, width, channels] at 1, 1/2, 1/4 and 1/8 of the stem's size, after their last ReLU.
 */
export function resnet({ depth, stem, width }: ResNetConfig, imageSize: number): ConvolutionalBackbone {
  const { kind, blocks } = DEPTHS[depth];
  const stemChannels = scaled(64, width);
  const stemLayers: Record<string, Module> = {
    conv1: stem === 'cifar' ? conv(3, stemChannels, 3) : conv(3, stemChannels, 7, { stride: 2 }),
    bn1: batchNorm(stemChannels, { relu: true }),
    ...(stem === 'torchvision' && { maxpool }),
  };

  let channels = stemChannels;
  const layers: Record<string, Module> = {};
  const outputs: number[] = [];
  blocks.forEach((count, stage) => {
    const inner = scaled(64 * 2 ** stage, width);
    const stages: Record<string, Module> = {};
    for (let block = 0; block < count; block++) {
      stages[block] = kind.build(channels, inner, stage > 0 && block === 0 ? 2 : 1);
      channels = kind.expansion * inner;
    }
    layers[`layer${stage + 1}`] = sequential(stages);
    outputs.push(channels);
  });

  const begin = sequential(stemLayers);
  const features = (weights: Weights, images: tf.Tensor): Record<string, tf.Tensor> => {
    let x = begin.apply(weights, images);
    return Object.fromEntries(
      Object.entries(layers).map(([name, layer]) => [name, (x = weights.apply(name, layer, x))]),
    );
  };
  return {
    kind: 'resnet',
    imageSize,
    featureSize: channels,
    channels: outputs,
    parameters: {
      ...begin.parameters,
      ...collect(Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, layer.parameters]))),
    },
    features,
    apply: (weights, images) => {
      const { layer4 } = features(weights, images);
      return scope('avgpool', () => tf.mean(layer4, [1, 2]));
    },
  };
}

/** 3x3, stride 2; padding never wins over a value. */
const maxpool: Module = { parameters: {}, apply: (_, x) => tf.maxPool(x as tf.Tensor4D, 3, 2, pad(1)) };

/** Channel counts stay multiples of 8, which vector units like. */
const scaled = (channels: number, width: number): number =>
  Math.max(8, Math.round((channels * width) / 8) * 8);
