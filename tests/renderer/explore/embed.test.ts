/** src/renderer/pages/explore/embed/recipe.ts: what the dialog asks for is what the host takes. */
import { expect, test } from 'vitest';
import {
  EMPTY,
  featuresOf,
  fittable,
  issuesOf,
  NORMALIZATION_CHOICES,
  OWN_NUMBERS,
  recipeOf,
  setBy,
} from '../../../src/renderer/pages/explore/embed/recipe';
import { NORMALIZATIONS, normalizationNames } from '../../../src/shared/explorer/normalization';
import { setRecipeSchema } from '../../../src/shared/explorer/sets';
import { exampleSet } from './examples';

const draft = { ...EMPTY, encoder: 'run:simclr', checkpoint: '40', dataset: 'sample' };

test.each([
  [draft, { kind: 'run', run: 'simclr', checkpoint: '40' }],
  [
    { ...draft, encoder: 'imported:dino' },
    { kind: 'imported', encoder: 'dino' },
  ],
  [
    { ...draft, encoder: 'pixels', side: '8' },
    { kind: 'pixels', side: 8 },
  ],
])('a recipe that the host takes', (from, encoder) => {
  expect(setRecipeSchema.parse(recipeOf(from))).toMatchObject({
    encoder,
    dataset: 'sample',
    whitening: null,
  });
});

test('whitening keeps so many components of the set it is fitted on', () => {
  expect(recipeOf({ ...draft, fittedOn: 'a', components: '32' })?.whitening).toEqual({
    fittedOn: 'a',
    size: 32,
  });
});

test.each([
  [{ encoder: '' }, 'encoder'],
  [{ dataset: '' }, 'dataset'],
  [{ feature: ' ' }, 'feature'],
  [{ encoder: 'pixels', side: '3' }, 'side'],
  [{ encoder: 'pixels', side: '8.5' }, 'side'],
  [{ fittedOn: 'a', components: '0' }, 'components'],
  [{ encoder: 'imported:e', normalization: OWN_NUMBERS }, 'normalization'],
  [
    { encoder: 'imported:e', normalization: OWN_NUMBERS, normalizationNumbers: '123.7/58.4' },
    'normalization',
  ],
])('%j is refused at %s', (change, field) => {
  const wrong = { ...draft, ...change };
  expect(Object.keys(issuesOf(wrong))).toEqual([field]);
  expect(recipeOf(wrong)).toBeNull();
});

test('every normalization that has a name can be chosen, and numbers', () => {
  const chosen = { ...draft, encoder: 'imported:e' };
  const encoderBy = (change: object) => recipeOf({ ...chosen, ...change })?.encoder;
  // What is assumed is the choice of nothing.
  const names = NORMALIZATION_CHOICES.map(({ value }) => value || 'imagenet');
  expect(names).toEqual([...normalizationNames, OWN_NUMBERS]);
  expect(encoderBy({})).toEqual({ kind: 'imported', encoder: 'e' });
  for (const name of ['clip', 'symmetric', 'unit', 'bytes'] as const)
    expect(encoderBy({ normalization: name })).toMatchObject({ normalization: NORMALIZATIONS[name] });
  expect(encoderBy({ normalization: OWN_NUMBERS, normalizationNumbers: '0.1/0.2' })).toMatchObject({
    normalization: { mean: [0.1, 0.1, 0.1], std: [0.2, 0.2, 0.2] },
  });
  // A run has its own.
  expect(recipeOf({ ...draft, normalization: 'clip' })?.encoder).not.toHaveProperty('normalization');
});

test('whitening is fitted on sets of the same normalization only', () => {
  const { recipe } = exampleSet();
  const encoder = { kind: 'imported', encoder: 'e' } as const;
  const sets = [
    exampleSet({ id: 'assumed', recipe: { ...recipe, encoder } }),
    exampleSet({
      id: 'clip',
      recipe: { ...recipe, encoder: { ...encoder, normalization: NORMALIZATIONS.clip } },
    }),
  ];
  const chosen = { ...draft, encoder: 'imported:e' };
  expect(fittable(sets, chosen).map(({ id }) => id)).toEqual(['assumed']);
  expect(fittable(sets, { ...chosen, normalization: 'clip' }).map(({ id }) => id)).toEqual(['clip']);
});

test('whitening is fitted on sets by the same weights and feature only', () => {
  const { recipe } = exampleSet();
  const sets = [
    exampleSet({ id: 'same' }),
    exampleSet({
      id: 'step',
      recipe: { ...recipe, encoder: { kind: 'run', run: 'simclr', checkpoint: '41' } },
    }),
    exampleSet({ id: 'feature', recipe: { ...recipe, feature: 'layer3' } }),
    exampleSet({ id: 'white', recipe: { ...recipe, whitening: { fittedOn: 'same', size: 8 } } }),
    exampleSet({ id: 'failed', state: 'failed' }),
  ];
  expect(fittable(sets, draft).map(({ id }) => id)).toEqual(['same']);
});

test('a checkpoint that is embedded is found again, the newest set of it', () => {
  const sets = [exampleSet({ id: 'new', updatedAt: 9 }), exampleSet({ id: 'old', updatedAt: 1 })];
  expect(setBy(sets, { encoder: 'run:simclr', checkpoint: '40' })?.id).toBe('new');
  expect(setBy(sets, { encoder: 'run:simclr', checkpoint: '41' })).toBeUndefined();
});

test('features are those of the backbone', () => {
  const vit = { kind: 'vit', size: 'tiny', patch: 4, depth: 2, pool: 'class' } as const;
  expect(featuresOf(vit)).toEqual(['embedding', 'cls', 'cls+gem', 'blocks.0', 'blocks.1']);
  expect(featuresOf(null)).toEqual(['embedding']);
});
