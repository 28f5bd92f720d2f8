import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { fixmatch } from '../../../src/learning/methods/fixmatch';
import { describeAgainstTorch } from './against-torch';

describeAgainstTorch('fixmatch');

describe('fixmatch', () => {
  it('distorts colours and cuts a square out in the strong view only', () => {
    const [weak, strong] = fixmatch.views(fixmatch.options.parse({}), 32);
    expect(weak).toMatchObject({ padCrop: 4, flip: 0.5, jitter: null, squareMask: 0, solarize: 0 });
    expect(strong).toMatchObject({ padCrop: 4, flip: 0.5, squareMask: 16, solarize: 0.2 });
    expect(strong.jitter).toMatchObject({ probability: 1, brightness: 0.8 });
  });

  it('puts as many unlabelled images to a labelled one as asked for', () => {
    expect(fixmatch.sampling!(fixmatch.options.parse({ unlabelled: 3 }))).toEqual({
      kind: 'mixed',
      unlabelled: 3,
    });
  });

  it('refuses data without classes', () => {
    const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 8);
    const options = fixmatch.options.parse({});
    expect(() => fixmatch.build({ options, encoder, classes: null, batchSize: 2, images: 9 })).toThrow(
      'FixMatch needs images of at least 2 classes, found no classes',
    );
  });
});
