import { describe, expect, it } from 'vitest';
import { encoderOf, transferEncoder, transferFixed } from '../../../src/learning/training';
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

describe('transferFixed', () => {
  const fixed = {
    'fixed/encoder/fc.bias': host([6], Array(6).fill(0)),
    'fixed/codes/sum': host([2], [0, 0]),
  };
  const file = {
    'encoder/fc.bias': host([6], Array(6).fill(1)),
    'codes/sum': host([2], [1, 2]),
    'head/bias': host([3], [1, 2, 3]),
  };

  it('fills the parts that never move, and nothing else', () => {
    const { state: filled, loaded } = transferFixed({ ...state, ...fixed }, file, 'a.safetensors');
    expect(filled).toEqual({
      ...state,
      'fixed/encoder/fc.bias': file['encoder/fc.bias'],
      'fixed/codes/sum': file['codes/sum'],
    });
    expect(loaded).toEqual(['encoder/fc.bias', 'codes/sum']);
  });

  it('prefers averaged weights', () => {
    const averaged = { ...file, 'ema/encoder/fc.bias': host([6], Array(6).fill(9)) };
    const { state: filled } = transferFixed({ ...state, ...fixed }, averaged, 'a.safetensors');
    expect(filled['fixed/encoder/fc.bias'].data[0]).toBe(9);
  });

  it('names what is missing and what has another shape', () => {
    const wrong = { 'codes/sum': host([1], [1]) };
    expect(() => transferFixed({ ...state, ...fixed }, wrong, 'b.safetensors')).toThrow(
      'The weights in b.safetensors are not those of the network that this method learns from: encoder/fc.bias is ' +
        'missing; codes/sum is [1], the method needs [2]',
    );
  });
});
