import { describe, expect, it, onTestFinished } from 'vitest';
import { pointsCsv, rowsCsv } from '../../src/main/csv';
import { openStore } from '../../src/main/store/store';
import { fakeConfig } from './helpers';

function emptyStore() {
  const store = openStore(':memory:', 'own');
  onTestFinished(() => store.close());
  return store;
}

const point = (name: string, step: number, value: number) => ({
  name,
  step,
  epoch: step / 4,
  time: Date.UTC(2026, 10, 24, 12, 0, step),
  value,
});

/** RFC 4180, read back. */
function parse(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/y;
  for (let found = cell.exec(text); found; found = cell.exec(text)) {
    lines.at(-1)!.push(found[1].startsWith('"') ? found[1].slice(1, -1).replaceAll('""', '"') : found[1]);
    if (found[2] === '\r\n') lines.push([]);
  }
  expect(lines.pop()).toEqual([]);
  return lines;
}

describe('the table of runs', () => {
  it('has a line a run, with last, best, min and max of the metrics', () => {
    const { runs, rows, metrics } = emptyStore();
    const { id } = runs.create(fakeConfig(), { now: new Date(0) });
    metrics.insert(id, [point('loss', 1, 3), point('loss', 2, 2), point('loss', 3, NaN)]);
    const text = [...rowsCsv(rows.list(['loss', 'knn']), ['loss', 'knn'])].join('');
    const [titles, values, ...rest] = parse(text);
    expect(rest).toEqual([]);
    const row = Object.fromEntries(titles.map((title, index) => [title, values[index]]));
    expect(row).toMatchObject({
      id,
      state: 'queued',
      backbone: 'ResNet-18',
      baseline: 'false',
      created: '1970-01-01T00:00:00.000Z',
      started: '',
      step: '0',
      'loss last': '',
      'loss best': '2',
      'loss best step': '2',
      'loss min': '2',
      'loss max': '3',
      'knn last': '',
    });
  });

  it('keeps any text, and runs none of it as a formula', () => {
    const { runs, rows } = emptyStore();
    const { id } = runs.create(fakeConfig(), { name: '=cmd|"/c calc"!A1' });
    rows.change(id, { notes: 'first, "second"\nthird', tags: ['@a', 'b'] });
    const [titles, values] = parse([...rowsCsv(rows.list([]), [])].join(''));
    const cell = (title: string) => values[titles.indexOf(title)];
    expect(cell('name')).toBe(`'=cmd|"/c calc"!A1`);
    expect(cell('notes')).toBe('first, "second"\nthird');
    expect(cell('tags')).toBe("'@a, b");
  });
});

describe('the points of a run', () => {
  it('are all there, curve after curve', () => {
    const { runs, rows, metrics } = emptyStore();
    const { id } = runs.create(fakeConfig());
    metrics.insert(id, [
      point('loss', 0, -3),
      point('knn', 4, 0.5),
      point('loss', 8, NaN),
      point('loss', 9, -Infinity),
    ]);
    expect(parse([...pointsCsv({ rows, metrics }, id)].join(''))).toEqual([
      ['name', 'step', 'epoch', 'time', 'value'],
      ['knn', '4', '1', '2026-11-24T12:00:04.000Z', '0.5'],
      ['loss', '0', '0', '2026-11-24T12:00:00.000Z', '-3'],
      ['loss', '8', '2', '2026-11-24T12:00:08.000Z', 'NaN'],
      ['loss', '9', '2.25', '2026-11-24T12:00:09.000Z', '-Infinity'],
    ]);
  });

  it('come in pieces where there are many', () => {
    const { runs, rows, metrics } = emptyStore();
    const { id } = runs.create(fakeConfig());
    metrics.insert(
      id,
      Array.from({ length: 12_001 }, (_, i) => point('loss', i, i)),
    );
    const pieces = [...pointsCsv({ rows, metrics }, id)];
    expect(pieces).toHaveLength(4);
    expect(
      parse(pieces.join(''))
        .slice(1)
        .map(([, step]) => Number(step)),
    ).toEqual(Array.from({ length: 12_001 }, (_, i) => i));
  });
});
