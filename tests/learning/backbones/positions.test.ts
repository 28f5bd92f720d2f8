import { describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradients } from '../../../src/engine';
import { bicubicMatrix, resizePositions } from '../../../src/learning/backbones/positions';
import { values } from '../../golden/formula';
import golden from '../../golden/positions.json';
import { expectClose } from '../close';
import { evaluate, host } from '../host';

describe('resizePositions', () => {
  it.each(golden)(
    'gives PyTorch’s bicubic values and gradient from $from to $to',
    async ({ from, to, width, resized, gradient }) => {
      const inputs = {
        positions: host([1, from * from, width], values('positions', from * from * width)),
        factors: host([1, to * to, width], values('gradient', to * to * width)),
      };
      const found = await evaluate(inputs, ({ positions, factors }) => {
        const { aux, gradients } = valueAndGradients({ positions }, () => {
          const y = resizePositions(positions, from, to);
          return { loss: tf.sum(tf.mul(y, factors)), aux: { y } };
        });
        return { y: aux.y, gradient: gradients.positions };
      });
      expectClose(found.y, resized);
      expectClose(found.gradient, gradient);
    },
  );

  it('leaves positions alone where their number does not change', () => {
    const positions = tf.zeros([1, 4, 3]);
    expect(resizePositions(positions, 2, 2)).toBe(positions);
  });
});

describe('bicubicMatrix', () => {
  it('keeps a constant', () => {
    const [from, to] = [5, 8];
    const matrix = bicubicMatrix(from, to);
    for (let i = 0; i < to; i++) {
      const row = matrix.slice(i * from, (i + 1) * from);
      expect(row.reduce((sum, x) => sum + x)).toBeCloseTo(1, 6);
    }
  });
});
