import { expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning';
import { architectureOf, type Shapes } from '../../../src/runner/encoders/architecture';
import type { BackboneConfig } from '../../../src/shared/run-config';

const shapesOf = (config: BackboneConfig, imageSize: number): Record<string, readonly number[]> =>
  Object.fromEntries(
    Object.entries(createEncoder(config, imageSize).parameters).map(([name, { shape }]) => [name, shape]),
  );
const vit = (size: 'tiny' | 'small' | 'base', patch: number, imageSize: number, depth = 12) =>
  shapesOf({ kind: 'vit', size, patch, depth, pool: 'class' }, imageSize);
const resnet = (depth: 18 | 34 | 50) =>
  shapesOf({ kind: 'resnet', depth, stem: 'torchvision', width: 1 }, 224);

it.each([18, 34, 50] as const)('tells ResNet-%i by its blocks', (depth) => {
  expect(architectureOf(resnet(depth), 'file')).toEqual({
    backbone: { kind: 'resnet', depth, stem: 'torchvision', width: 1 },
    imageSize: 224,
    name: `ResNet-${depth}`,
  });
});

it('tells a stem for small images, and narrow networks', () => {
  const shapes = shapesOf({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.5 }, 32);
  expect(architectureOf(shapes, 'file')).toMatchObject({
    backbone: { stem: 'cifar', width: 0.5 },
    imageSize: 32,
    name: 'ResNet-18 x 0.5',
  });
});

it.each([
  ['ViT-S/16', vit('small', 16, 224), 224],
  ['ViT-Ti/4', vit('tiny', 4, 32), 32],
  ['ViT-B/8 (3 blocks)', vit('base', 8, 64, 3), 64],
  // DINOv2's 37 x 37 positions of 14 px.
  ['ViT-S/14', vit('small', 14, 518), 224],
])('tells %s, with the size of its images', (name, shapes, imageSize) => {
  expect(architectureOf(shapes, 'file')).toMatchObject({ name, imageSize });
});

it('tells a ViT that averages its patches by fc_norm, which comes after the mean', () => {
  const { 'norm.weight': weight, 'norm.bias': bias, ...others } = vit('small', 16, 224);
  const shapes = { ...others, 'fc_norm.weight': weight, 'fc_norm.bias': bias };
  expect(architectureOf(shapes, 'file').backbone).toMatchObject({ pool: 'mean' });
  expect(architectureOf(vit('small', 16, 224), 'file').backbone).toMatchObject({ pool: 'class' });
});

const without = (shapes: Shapes, name: string): Shapes =>
  Object.fromEntries(Object.entries(shapes).filter(([key]) => key !== name));

it.each<[what: string, shapes: Shapes, message: RegExp]>([
  [
    'ResNet-101',
    { ...resnet(50), 'layer3.22.conv1.weight': [256, 1024, 1, 1] },
    /3, 4, 23, 3 bottleneck blocks/,
  ],
  ['a wide ResNet', { ...resnet(50), 'layer1.0.conv1.weight': [128, 64, 1, 1] }, /wide ResNet or a ResNeXt/],
  ['ViT-L', { 'patch_embed.proj.weight': [1024, 3, 16, 16] }, /a ViT 1024 wide/],
  ['register tokens', { ...vit('small', 14, 224), register_tokens: [1, 4, 384] }, /register tokens/],
  ['no class token', without(vit('small', 16, 224), 'cls_token'), /without a class token/],
  ['no last norm', without(vit('small', 16, 224), 'norm.weight'), /without a last normalization/],
  ['something else', { 'transformer.wte': [1, 2] }, /another network, with tensors such as transformer\.wte/],
])('refuses %s by name', (_what, shapes, message) => {
  expect(() => architectureOf(shapes, '/weights.safetensors')).toThrow(message);
});
