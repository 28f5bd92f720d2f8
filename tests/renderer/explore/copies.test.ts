/** src/renderer/pages/explore/copies: facts of files, the zoom of two pictures. */
import { expect, test } from 'vitest';
import { factsText } from '../../../src/renderer/pages/explore/copies/facts-text';
import { moved, transformOf, WHOLE, zoomedAt } from '../../../src/renderer/pages/explore/copies/zoom';
import { copyFacts as facts } from '../../shared/explorer/copy-facts';

test('facts of a file in short', () => {
  expect(factsText(facts(0, 'a', { width: 1600, height: 1200 }))).toBe('1,600 × 1,200, 2.0 KiB');
  expect(factsText(facts(0, 'a', { problem: 'gone' }))).toBe('not readable');
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
