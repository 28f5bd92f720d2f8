/** src/renderer/pages/explore/evaluate: protocols from fields, and reports as tables. */
import { expect, test } from 'vitest';
import {
  issuesOf,
  notMeasurable,
  PROTOCOLS,
  protocolOf,
  protocolTitle,
  USUAL,
} from '../../../src/renderer/pages/explore/evaluate/protocol';
import { columnsOf } from '../../../src/renderer/pages/explore/evaluate/report-table';
import {
  chosenProtocolSchema,
  retrievalReportSchema,
  type RetrievalRow,
} from '../../../src/shared/explorer/retrieval';
import { exampleSet } from './examples';

test.each(PROTOCOLS.map(({ value }) => value))('%s is a protocol that the host takes', (kind) => {
  const protocol = chosenProtocolSchema.parse(protocolOf({ ...USUAL, kind, file: '/gt.csv' }, 'place'));
  expect(protocol.kind).toBe(kind);
});

test('a ground truth is named by its file in a report', () => {
  const protocol = { kind: 'ground-truth', file: '/gt.csv', distractors: null } as const;
  expect(protocolTitle(protocol)).toBe('Retrieval by ground truth: /gt.csv');
});

test.each([
  [{ kind: 'knn', k: '0' }, 'k'],
  [{ kind: 'knn', temperature: '0' }, 'temperature'],
  [{ kind: 'classes', maxQueries: 'all' }, 'maxQueries'],
  [{ kind: 'ground-truth', file: ' ' }, 'file'],
] as const)('%j is refused', (change, field) => {
  const draft = { ...USUAL, ...change };
  expect(Object.keys(issuesOf(draft))).toEqual([field]);
  expect(protocolOf(draft, 'place')).toBeNull();
});

test('all protocols but classification take distractors', () => {
  const kinds = PROTOCOLS.map(({ value }) => value);
  const draft = { ...USUAL, file: '/gt.csv', distractors: 'others' };
  const taking = kinds.filter(
    (kind) => 'distractors' in chosenProtocolSchema.parse(protocolOf({ ...draft, kind }, 'place')),
  );
  expect(taking).toEqual(['classes', 'ground-truth', 'copy-blocks']);
  expect(protocolOf({ ...draft, kind: 'classes' }, '')).toMatchObject({ distractors: 'others' });
  expect(protocolOf({ ...USUAL, kind: 'classes' }, '')).toMatchObject({ distractors: null });
});

test('classes are needed where classes are asked for', () => {
  const bare = exampleSet({ classes: null });
  expect(notMeasurable('knn', bare)).toMatch(/no classes/);
  expect(notMeasurable('copy-blocks', bare)).toBeUndefined();
});

const row = (changes: Partial<RetrievalRow>): RetrievalRow => ({
  name: 'all',
  queries: 10,
  leftOut: 0,
  map: null,
  precisionAt: {},
  recallAt: {},
  accuracyAt: {},
  microAp: null,
  recallAtPrecision90: null,
  curve: [],
  ...changes,
});
const report = (rows: RetrievalRow[]) =>
  retrievalReportSchema.parse({ protocol: { kind: 'classes' }, time: 0, rows, notes: [] });

test('a table has the columns that some row has a number for, k ascending', () => {
  const columns = columnsOf(
    report([
      row({ map: 0.5, recallAt: { 10: 0.9, 1: 0.25 } }),
      row({ name: 'hard', leftOut: 2, microAp: 0.125 }),
    ]),
  );
  expect(columns.map(({ title }) => title)).toEqual(['Queries', 'Left out', 'mAP', 'R@1', 'R@10', 'µAP']);
  const [first] = report([row({ map: 0.5, recallAt: { 10: 0.9, 1: 0.25 } })]).rows;
  expect(columns.map(({ text }) => text(first))).toEqual(['10', '0', '50.0', '25.0', '90.0', '–']);
});
