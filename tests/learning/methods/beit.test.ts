import { describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/learning/backbones';
import { beit } from '../../../src/learning/methods/beit';
import { values } from '../../golden/formula';
import { expectClose } from '../close';
import { host } from '../host';
import { describeAgainstTorch } from './against-torch';
import { picturesOf } from './pictures-of';

describeAgainstTorch('beit');

describe('beit', () => {
  const small = { hidden: 8, residualHidden: 4, codes: 16, dimension: 4 };
  const build = (patch: number) =>
    beit.build({
      options: beit.options.parse({ tokenizer: small }),
      encoder: createEncoder({ kind: 'vit', size: 'tiny', patch, depth: 1, pool: 'class' }, 16),
      classes: null,
      batchSize: 2,
      images: 10,
    });

  it('refuses patches of another size than an id stands for', () => {
    expect(() => build(8)).toThrow('An id of the tokenizer stands for 4 px, and backbone.patch is 8');
  });

  it('shows the image, what is left of it, and what the told ids look like', async () => {
    const image = host([2, 16, 16, 3], values('view0', 2 * 16 * 16 * 3));
    const none = host([2, 16], Array<number>(32).fill(0));
    const all = host([2, 16], Array<number>(32).fill(1));
    const unmasked = await picturesOf(build(4), [image], { mask: none });
    expectClose(unmasked.masked, unmasked.original);
    expectClose(unmasked.prediction, unmasked.tokenizer);
    const masked = await picturesOf(build(4), [image], { mask: all });
    expect(masked.masked.every((value) => Math.abs(value) === 0)).toBe(true);
    expect(masked.prediction).not.toEqual(masked.tokenizer);
  });

  it('says what its loss is by chance', () => {
    expect(build(4).chanceLoss).toBeCloseTo(Math.log(16), 12);
  });
});
