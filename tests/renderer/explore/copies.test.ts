/** src/renderer/pages/explore/copies: the list as CSV, verdicts, the zoom of two pictures. */
import { expect, test } from 'vitest';
import { copiesCsv } from '../../../src/renderer/pages/explore/copies/copies-csv';
import { factsText } from '../../../src/renderer/pages/explore/copies/facts-text';
import { startOf } from '../../../src/renderer/pages/explore/copies/start-of';
import { bestOf, verdictSentence, type Candidate } from '../../../src/renderer/pages/explore/copies/verdict';
import { moved, transformOf, WHOLE, zoomedAt } from '../../../src/renderer/pages/explore/copies/zoom';
import type { CopyFacts } from '../../../src/shared/explorer/copies';
import { exampleResult } from './examples';

const facts = (row: number, name: string, changes: Partial<CopyFacts> = {}): CopyFacts => ({
  row,
  name,
  width: 100,
  height: 80,
  bytes: 2048,
  changedAt: 0,
  problem: null,
  ...changes,
});

test('the list has a line an image, and says which is suggested to be kept', () => {
  const all = [facts(3, 'a, "b".png', { width: 50 }), facts(5, '=cmd.png')];
  const csv = copiesCsv([{ rows: [3, 5], best: 0.99, weakest: 0.98, pairs: 1 }], () => all);
  const [head, first, second, end] = csv.split('\r\n');
  expect(head).toMatch(/^group,path,suggestion,reason,/);
  expect(first).toBe('1,"a, ""b"".png",copy,,0.99,0.98,50,80,2048,1970-01-01T00:00:00.000Z,');
  expect(second).toMatch(/^1,'=cmd\.png,keep,"?Highest resolution/);
  expect(end).toBe('');
});

test('facts of a file in short', () => {
  expect(factsText(facts(0, 'a', { width: 1600, height: 1200 }))).toBe('1,600 × 1,200, 2.0 KiB');
  expect(factsText(facts(0, 'a', { problem: 'gone' }))).toBe('not readable');
});

const candidate = (verdict: Candidate['verdict'], normalized: number, isQuery = false): Candidate => ({
  ...exampleResult('x', { isQuery }),
  verdict,
  normalized,
});
const answer = (candidates: Candidate[]) => ({
  candidates,
  thresholds: { copy: 0.5, likely: 0.3 },
  calibration: [],
});

test('the best candidate by normalized score decides, the query itself never', () => {
  const given = answer([candidate('copy', 1, true), candidate('similar', 0.2), candidate('likely', 0.4)]);
  expect(bestOf(given)?.verdict).toBe('likely');
  expect(verdictSentence(given)).toMatch(/likely a copy/);
  expect(verdictSentence(answer([candidate('copy', 1, true)]))).toMatch(/no copy/);
});

test('zooming leaves the point under the pointer where it is', () => {
  const zoom = zoomedAt(WHOLE, 4, { x: 0.75, y: 0.5 });
  // Where the view's point 0.75 lies in the picture.
  const shown = zoom.x + (0.75 - 0.5) / zoom.scale;
  expect(zoom.scale).toBe(4);
  expect(shown).toBeCloseTo(0.75);
});

test('nothing beside the picture is shown', () => {
  expect(moved(WHOLE, 0.5, -0.5)).toEqual(WHOLE);
  const right = moved(zoomedAt(WHOLE, 2, { x: 0.5, y: 0.5 }), -9, 0);
  expect(right.x).toBe(0.75);
  expect(zoomedAt(right, 0.001, { x: 0, y: 0 })).toEqual(WHOLE);
  expect(transformOf(WHOLE)).toBe('scale(1) translate(0%, 0%)');
});

test('the threshold begins where it is suggested, or where one pair for ten images is left', () => {
  const few = Float32Array.of(0.99, 0.7);
  expect(startOf(few, 0.75, 100)).toBe(0.75);
  const many = Float32Array.from({ length: 50 }, (_, place) => 1 - place / 1000);
  expect(startOf(many, 0.75, 100)).toBeCloseTo(0.991);
  expect(startOf(many, 0.75, 3)).toBe(1);
  expect(startOf(new Float32Array(), 0.75, 3)).toBe(0.75);
});
