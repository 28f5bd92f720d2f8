/** What is said of copies, in the app and on the command line: the list as CSV, verdicts, where the threshold begins. */
import { expect, test } from 'vitest';
import { copiesCsv } from '../../../src/shared/explorer/copies-csv';
import type { CopyAnswer } from '../../../src/shared/explorer/copies';
import { startOf } from '../../../src/shared/explorer/copy-threshold';
import {
  bestOf,
  toldApart,
  verdictSentence,
  type Candidate,
} from '../../../src/shared/explorer/copy-verdict';
import { copyFacts as facts } from './copy-facts';

test('the list has a line an image, and says which is suggested to be kept', () => {
  const all = [facts(3, 'a, "b".png', { width: 50 }), facts(5, '=cmd.png')];
  const csv = copiesCsv([{ rows: [3, 5], best: 0.99, weakest: 0.98, pairs: 1 }], () => all);
  const [head, first, second, end] = csv.split('\r\n');
  expect(head).toMatch(/^group,path,suggestion,reason,/);
  expect(first).toBe('1,"a, ""b"".png",copy,,0.99,0.98,50,80,2048,1970-01-01T00:00:00.000Z,');
  expect(second).toMatch(/^1,'=cmd\.png,keep,"?Highest resolution/);
  expect(end).toBe('');
});

const candidate = (verdict: Candidate['verdict'], normalized: number, isQuery = false): Candidate => ({
  ...{ set: 'x', row: 0, rank: 1, score: 0.9, label: null, name: 'x.png', isQuery },
  verdict,
  normalized,
});
const answer = (candidates: Candidate[], by: CopyAnswer['by'] = 'normalized') => ({
  candidates,
  by,
  thresholds: { copy: 0.5, likely: 0.3 },
  calibration: [],
});

test('the best candidate by normalized score decides, the query itself never', () => {
  const given = answer([candidate('copy', 1, true), candidate('similar', 0.2), candidate('likely', 0.4)]);
  expect(bestOf(given)?.verdict).toBe('likely');
  expect(verdictSentence(given)).toMatch(/likely a copy/);
  expect(verdictSentence(answer([candidate('copy', 1, true)]))).toMatch(/no copy/);
  // A copy by its cosine alone is one whatever the others' normalized scores are.
  expect(bestOf(answer([candidate('similar', 0.2), candidate('copy', 0)]))?.verdict).toBe('copy');
  const near = { ...candidate('similar', 0.1), score: 0.95 };
  expect(bestOf(answer([candidate('similar', 0.3), near], 'cosine'))).toBe(near);
});

test('the threshold begins where it is suggested, or where one pair for ten images is left', () => {
  const found = { floor: 0.5, suggested: 0.75 };
  const few = Float32Array.of(0.99, 0.7);
  expect(startOf(few, found, 100)).toBe(0.75);
  const many = Float32Array.from({ length: 50 }, (_, place) => 1 - place / 1000);
  expect(startOf(many, found, 100)).toBeCloseTo(0.991);
  expect(startOf(many, found, 3)).toBe(1);
  expect(startOf(new Float32Array(), found, 3)).toBe(0.75);
  expect(startOf(few, { floor: 0.5, suggested: 1.01 }, 100)).toBeCloseTo(0.99, 6);
  expect(startOf(few, { floor: 0.5, suggested: null }, 100)).toBe(0.75);
  expect(startOf(few, { floor: 0.2, suggested: null }, 100)).toBe(0.6);
});

test('thresholds near 1 are written with as many decimals as it takes to tell them apart', () => {
  expect(toldApart([0.5, 0.3])).toEqual(['0.500', '0.300']);
  expect(toldApart([0.99998, 0.99991])).toEqual(['1.0000', '0.9999']);
  expect(toldApart([1, 1])).toEqual(['1.000', '1.000']);
  expect(toldApart([0.99999991, 0.99999992])).toEqual(['1.000000', '1.000000']);
});
