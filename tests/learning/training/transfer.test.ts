import { describe, expect, it } from 'vitest';
import { encoderOf, transferEncoder, transferFixed } from '../../../src/learning/training';
import type { HostTensors } from '../../../src/engine';
import { createEncoder, type VisionTransformer } from '../../../src/learning/backbones';
import { resizePositions } from '../../../src/learning/backbones/positions';
import { initialize } from '../../../src/learning/module';
import { prefixed, under } from '../../../src/learning/training/state';
import type { TransferRow } from '../../../src/shared/starting-weights';
import { expectClose } from '../close';
import { evaluate, host } from '../host';
import { smallConfig, smallStep } from './small-run';

const state = smallStep(smallConfig({ ema: 0.9 })).initialState();
const weights = {
  'fc.weight': host([6, 192], Array(6 * 192).fill(2)),
  'fc.bias': host([6], Array(6).fill(3)),
};

const loaded = (name: string, shape: readonly number[]) => ({
  name,
  fileName: name,
  fileShape: shape,
  shape,
  what: 'loaded',
  note: null,
});

describe('transferEncoder', () => {
  it('replaces the encoder and its average, and says what it left out', () => {
    const transfer = transferEncoder(state, { ...weights, 'head.weight': host([1], [1]) }, 'a.safetensors');
    expect(transfer.state['encoder/fc.bias'].data[0]).toBe(3);
    expect(transfer.state['ema/encoder/fc.bias'].data[0]).toBe(3);
    expect(transfer.state['head/bias']).toBe(state['head/bias']);
    expect(transfer.rows).toEqual([
      loaded('fc.weight', [6, 192]),
      loaded('fc.bias', [6]),
      {
        name: null,
        fileName: 'head.weight',
        fileShape: [1],
        shape: null,
        what: 'skipped',
        note: 'the encoder has no such parameter',
      },
    ]);
  });

  it('takes the averaged encoder of a whole training state', () => {
    const trained = { ...state, 'ema/encoder/fc.bias': weights['fc.bias'] };
    const { state: next, rows } = transferEncoder(state, trained, 'x');
    expect(next['encoder/fc.bias'].data[0]).toBe(3);
    expect(rows).toEqual([
      { ...loaded('fc.weight', [6, 192]), fileName: 'ema/encoder/fc.weight' },
      { ...loaded('fc.bias', [6]), fileName: 'ema/encoder/fc.bias' },
    ]);
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

describe('weights of others', () => {
  const vit = createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool: 'class' }, 16);
  const own = prefixed('encoder/', initialize(vit.parameters, 1));
  const namesOf = (rows: readonly TransferRow[], wanted: TransferRow['what']) =>
    rows.filter(({ what }) => what === wanted).map(({ fileName }) => fileName);
  const names = (tensors: HostTensors, prefix: string) => prefixed(prefix, under('encoder/', tensors));

  it.each(['module.', 'backbone.', 'teacher.backbone.', 'module.teacher.', 'teacher.'])(
    'are found behind "%s"',
    (prefix) => {
      const {
        state: next,
        changes,
        rows,
      } = transferEncoder(
        prefixed('encoder/', initialize(vit.parameters, 2)),
        { ...names(own, prefix), [`${prefix}head.weight`]: host([1], [1]) },
        'dino.safetensors',
      );
      expect(next).toEqual(own);
      expect(changes).toEqual([`names: "${prefix}" dropped`]);
      const [positions] = rows.filter(({ name }) => name === 'pos_embed');
      expect(positions).toMatchObject({ fileName: `${prefix}pos_embed`, what: 'loaded', note: null });
      expect(namesOf(rows, 'skipped')).toEqual([`${prefix}head.weight`]);
    },
  );

  it("are a teacher's, where a student's are beside them", () => {
    const student = initialize(vit.parameters, 2);
    const { state: next, rows } = transferEncoder(
      own,
      { ...prefixed('student.backbone.', student), ...names(own, 'teacher.backbone.') },
      'dino.safetensors',
    );
    expect(next).toEqual(own);
    expect(namesOf(rows, 'skipped')).toEqual(Object.keys(student).map((name) => `student.backbone.${name}`));
  });

  it('have their fc_norm taken for the last normalization, where there is no other', () => {
    const rename = (tensors: HostTensors) =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [name.replace(/^norm\./, 'fc_norm.'), tensor]),
      );
    const published = rename(names(own, ''));
    const empty = prefixed('encoder/', initialize(vit.parameters, 2));
    const { state: next, changes, rows } = transferEncoder(empty, published, 'mae.safetensors');
    expect(next).toEqual(own);
    expect(changes).toEqual(['fc_norm is norm here']);
    expect(rows).toContainEqual(
      expect.objectContaining({ name: 'norm.weight', fileName: 'fc_norm.weight', what: 'loaded' }),
    );
    const both = transferEncoder(empty, { ...published, ...names(own, '') }, 'both.safetensors');
    expect(both.changes).toEqual([]);
    expect(namesOf(both.rows, 'skipped')).toEqual(['fc_norm.weight', 'fc_norm.bias']);
  });

  it('have their layer scales folded: the network computes what it did', () => {
    const gamma = host(
      [192],
      Array.from({ length: 192 }, (_, i) => 0.5 + i / 192),
    );
    const published = { ...names(own, ''), 'blocks.0.ls1.gamma': gamma };
    const { state: next, changes, rows } = transferEncoder(own, published, 'dinov2.safetensors');
    const { data, shape } = own['encoder/blocks.0.attn.proj.weight'];
    const scaled = data.map((value, i) => value * gamma.data[Math.floor(i / shape[1])]);
    expectClose(next['encoder/blocks.0.attn.proj.weight'].data, scaled);
    expect(changes).toEqual(['1 layer scales folded into the projections before them']);
    expect(namesOf(rows, 'skipped')).toEqual([]);
    expect(rows.filter(({ what }) => what === 'changed')).toEqual([
      expect.objectContaining({
        name: 'blocks.0.attn.proj.weight',
        note: 'multiplied by the layer scale blocks.0.ls1.gamma',
      }),
      expect.objectContaining({ name: 'blocks.0.attn.proj.bias' }),
      expect.objectContaining({
        name: null,
        fileName: 'blocks.0.ls1.gamma',
        note: 'multiplied into blocks.0.attn.proj',
      }),
    ]);
  });

  it('have their positions interpolated as the step does it', async () => {
    const large = initialize(
      createEncoder({ kind: 'vit', size: 'tiny', patch: 4, depth: 1, pool: 'class' }, 24).parameters,
      3,
    );
    const { state: next, changes, rows } = transferEncoder(own, large, 'timm.safetensors');
    expect(changes).toEqual(['pos_embed: 6 x 6 patches interpolated to 4 x 4']);
    expect(rows.filter(({ what }) => what !== 'loaded')).toEqual([
      {
        name: 'pos_embed',
        fileName: 'pos_embed',
        fileShape: [1, 37, 192],
        shape: [1, 17, 192],
        what: 'resized',
        note: '6 x 6 patches interpolated to 4 x 4',
      },
    ]);
    const { width } = vit as VisionTransformer;
    const patches = host([1, 36, width], large.pos_embed.data.slice(width));
    const { resized } = await evaluate({ patches }, (inputs) => ({
      resized: resizePositions(inputs.patches, 6, 4),
    }));
    expectClose(next['encoder/pos_embed'].data.slice(width), resized);
    expect(next['encoder/pos_embed'].data.slice(0, width)).toEqual(large.pos_embed.data.slice(0, width));
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
