/** A set and a result as the host tells them, to be changed by a test. */
import type { Result } from '../../../src/shared/explorer/search';
import { embeddingSetSchema, type EmbeddingSet } from '../../../src/shared/explorer/sets';

export const exampleSet = (changes: Partial<EmbeddingSet> = {}): EmbeddingSet =>
  embeddingSetSchema.parse({
    id: 'a',
    name: 'simclr-r18 step 40 on sample',
    encoderName: 'simclr-r18, step 40',
    space: 'space-a',
    recipe: { encoder: { kind: 'run', run: 'simclr', checkpoint: '40' }, dataset: 'sample' },
    dataPath: 'sample',
    dataName: 'sample',
    state: 'ready',
    failure: null,
    hint: null,
    work: null,
    count: 100,
    size: 64,
    classes: ['cat', 'dog'],
    skipped: [],
    rate: 312.4,
    bytes: 25_600,
    createdAt: 1000,
    updatedAt: 2000,
    index: null,
    copies: null,
    maps: [],
    warnings: [],
    ...changes,
  });

export const exampleResult = (name: string, changes: Partial<Result> = {}): Result => ({
  set: 'a',
  row: 0,
  rank: 1,
  score: 0.9,
  label: null,
  name,
  isQuery: false,
  ...changes,
});
