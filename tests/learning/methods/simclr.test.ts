import { describe, expect, it } from 'vitest';
import { valueAndGradients } from '../../../src/engine';
import { createEncoder } from '../../../src/learning/backbones';
import { contrast, simclr } from '../../../src/learning/methods/simclr';
import golden from '../../golden/methods/methods.json';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { describeAgainstTorch } from './against-torch';

/** Equation 1, term by term. */
function plainNtXent(z: number[][], temperature: number): number {
  const images = z.length / 2;
  const similarity = (a: number[], b: number[]) =>
    a.reduce((sum, x, i) => sum + x * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b));
  let total = 0;
  for (let i = 0; i < z.length; i++) {
    const j = (i + images) % z.length;
    let denominator = 0;
    for (let k = 0; k < z.length; k++)
      if (k !== i) denominator += Math.exp(similarity(z[i], z[k]) / temperature);
    total -= Math.log(Math.exp(similarity(z[i], z[j]) / temperature) / denominator);
  }
  return total / z.length;
}

describe('contrast', () => {
  it.each(golden.ntXent)(
    'gives the loss and gradient of PyTorch for $shape at temperature $temperature',
    async ({ shape, temperature, z, loss, accuracy, gradient }) => {
      const found = await evaluate({ z: host(shape, z) }, (inputs) => {
        const { loss, aux, gradients } = valueAndGradients({ z: inputs.z }, () => {
          const { loss, accuracy } = contrast(inputs.z, temperature, 'nt-xent');
          return { loss, aux: { accuracy } };
        });
        return { loss, accuracy: aux.accuracy, gradient: gradients.z };
      });
      expectClose(found.loss, [loss]);
      expectClose(found.accuracy, [accuracy]);
      expectClose(found.gradient, gradient);
    },
  );

  it('is the mean over all views of equation 1', async () => {
    const { shape, z, temperature } = golden.ntXent[0];
    const rows = Array.from({ length: shape[0] }, (_, i) => z.slice(i * shape[1], (i + 1) * shape[1]));
    const { loss } = await evaluate({ z: host(shape, z) }, ({ z }) => ({
      loss: contrast(z, temperature, 'nt-xent').loss,
    }));
    expectClose(loss, [plainNtXent(rows, temperature)]);
  });

  it('is ln(2N - 1) where all embeddings are the same', async () => {
    const z = host([8, 2], Array<number>(16).fill(0.5));
    const { loss } = await evaluate({ z }, ({ z }) => ({ loss: contrast(z, 0.1, 'nt-xent').loss }));
    expectClose(loss, [Math.log(7)]);
  });

  it('stays finite for a zero vector', async () => {
    const z = host([4, 2], [0, 0, 1, 0, 0, 1, 1, 1]);
    const { gradient } = await evaluate({ z }, ({ z }) => ({
      gradient: valueAndGradients({ z }, () => ({ loss: contrast(z, 0.5, 'nt-xent').loss, aux: {} }))
        .gradients.z,
    }));
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

describeAgainstTorch('simclr');

describe('simclr', () => {
  it('refuses a batch of one image', () => {
    const encoder = createEncoder({ kind: 'resnet', depth: 18, stem: 'cifar', width: 0.125 }, 8);
    const options = simclr.options.parse({});
    expect(() => simclr.build({ options, encoder, classes: null, batchSize: 1, images: 8 })).toThrow(
      'batchSize is 1',
    );
  });

  it('takes two views of the same recipe, with the distortion of the paper at strength s', () => {
    const options = simclr.options.parse({ views: { jitterStrength: 1, blur: 0.5 } });
    const [first, second] = simclr.views(options, 32);
    expect(second).toEqual(first);
    expect(first.jitter).toMatchObject({ brightness: 0.8, contrast: 0.8, saturation: 0.8, hue: 0.2 });
    expect(first.blur).toEqual({ probability: 0.5, sigma: [0.1, 2] });
    expect(first.size).toBe(32);
  });
});
