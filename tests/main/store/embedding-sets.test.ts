import { expect, it } from 'vitest';
import { openStore } from '../../../src/main/store/store';
import { setRecipeSchema } from '../../../src/shared/explorer/sets';

const recipe = setRecipeSchema.parse({ encoder: { kind: 'pixels' }, dataset: 'sample' });

function storeWithSet() {
  const store = openStore(':memory:', 'own');
  store.sets.add({ id: 'a', recipe, encoderName: 'Raw pixels', dataPath: 'sample' }, 1000);
  return store;
}

it('keeps a set by its recipe, however its keys are ordered', () => {
  const { sets } = storeWithSet();
  expect(sets.get('a')).toMatchObject({ state: 'partial', count: 0, space: '', createdAt: 1000 });
  const reordered = {
    precision: 'float32',
    whitening: null,
    feature: 'embedding',
    dataset: 'sample',
  } as const;
  expect(sets.ofRecipe({ ...reordered, encoder: { side: 16, kind: 'pixels' } })?.id).toBe('a');
  expect(sets.ofRecipe({ ...recipe, feature: 'cls' })).toBeUndefined();
  expect(() => sets.add({ id: 'b', recipe, encoderName: '', dataPath: '' })).toThrow();
});

it('changes what is told, and leaves the rest', () => {
  const { sets } = storeWithSet();
  sets.change('a', { state: 'ready', count: 3, report: { ...sets.get('a').report, rate: 5 } }, 2000);
  sets.change('a', { space: 's' }, 3000);
  expect(sets.get('a')).toMatchObject({
    state: 'ready',
    count: 3,
    space: 's',
    report: { rate: 5 },
    updatedAt: 3000,
  });
});

it('knows facts of the rows until it forgets them all', () => {
  const { sets } = storeWithSet();
  sets.know('a', { maps: ['pca'] });
  sets.know('a', { copies: { pairs: 2, floor: 0.5, suggested: null, madeAt: 1 } });
  expect(sets.get('a').facts).toMatchObject({ maps: ['pca'], copies: { pairs: 2 }, index: null });
  sets.know('a', null);
  expect(sets.get('a').facts).toEqual({ maps: [], copies: null, index: null });
});

it('lists the newest first, and removes', () => {
  const { sets } = storeWithSet();
  const other = { ...recipe, feature: 'cls' };
  sets.add({ id: 'b', recipe: other, encoderName: '', dataPath: 'sample' }, 2000);
  expect(sets.list().map(({ id }) => id)).toEqual(['b', 'a']);
  sets.remove('b');
  expect(() => sets.get('b')).toThrow(/no embedding set b any more/);
});

it('keeps encoders; one that is added again is renewed in its place', () => {
  const { encoders } = openStore(':memory:', 'own');
  const facts = {
    format: 'onnx',
    architecture: 'a',
    imageSize: 8,
    featureSize: 4,
    features: ['embedding'],
    normalization: 'imagenet',
    warnings: [],
  } as const;
  const encoder = {
    id: 'e',
    path: '/e.onnx',
    bytes: 1,
    modifiedAt: 2,
    facts: { ...facts, features: ['x'], warnings: [], files: [] },
  };
  encoders.put(encoder, 1000);
  encoders.put({ ...encoder, bytes: 5 }, 2000);
  expect(encoders.list()).toEqual([{ ...encoder, bytes: 5, addedAt: 1000 }]);
  encoders.remove('e');
  expect(() => encoders.get('e')).toThrow(/no longer known/);
});
