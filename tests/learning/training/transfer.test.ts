import { describe, expect, it } from 'vitest';
import { encoderOf, transferEncoder } from '../../../src/learning/training';
import { host } from '../host';
import { smallConfig, smallStep } from './small-run';

const state = smallStep(smallConfig({ ema: 0.9 })).initialState();
const weights = {
  'fc.weight': host([6, 192], Array(6 * 192).fill(2)),
  'fc.bias': host([6], Array(6).fill(3)),
};

describe('transferEncoder', () => {
  it('replaces the encoder and its average, and says what it left out', () => {
    const transfer = transferEncoder(state, { ...weights, 'head.weight': host([1], [1]) }, 'a.safetensors');
    expect(transfer.state['encoder/fc.bias'].data[0]).toBe(3);
    expect(transfer.state['ema/encoder/fc.bias'].data[0]).toBe(3);
    expect(transfer.state['head/bias']).toBe(state['head/bias']);
    expect(transfer.loaded).toEqual(['fc.weight', 'fc.bias']);
    expect(transfer.ignored).toEqual(['head.weight']);
  });

  it('takes the averaged encoder of a whole training state', () => {
    const trained = { ...state, 'ema/encoder/fc.bias': weights['fc.bias'] };
    expect(transferEncoder(state, trained, 'x').state['encoder/fc.bias'].data[0]).toBe(3);
    expect(encoderOf(trained)['fc.bias'].data[0]).toBe(3);
  });

  it('names what is missing and what has another shape', () => {
    const wrong = { 'fc.weight': host([2, 2], [1, 2, 3, 4]) };
    expect(() => transferEncoder(state, wrong, 'old.safetensors')).toThrow(
      "The weights in old.safetensors do not fit this run's encoder: fc.weight is [2, 2], this encoder needs " +
        '[6, 192]; fc.bias is missing',
    );
  });
});
