/** Runs and their points as CSV text (RFC 4180), in pieces that can be sent as they come. */
import type { MetricSummary } from '../shared/api/run-rows';
import type { StoredRow } from './store/rows';
import type { Store } from './store/store';

/** Points that are read at once. */
const PAGE = 5000;

type Cell = string | number | boolean | Date | null;

/**
 * One line a run, with last, best, min and max of each metric. A value that is no number is an empty cell.
 * @param rows that have the summaries of these metrics.
 */
export function* rowsCsv(rows: Iterable<StoredRow>, metrics: readonly string[]): Generator<string> {
  yield line([...RUN_COLUMNS.map(([title]) => title), ...metrics.flatMap(summaryTitles)]);
  for (const row of rows) {
    const cells = RUN_COLUMNS.map(([, cell]) => cell(row));
    yield line([...cells, ...metrics.flatMap((name) => summaryCells(row.metrics[name]))]);
  }
}

/**
 * Every point of every curve of a run: name, step, epoch, time and value; NaN and infinities under these names.
 * Points that come while it is read may be among them.
 */
export function* pointsCsv(
  { rows, metrics }: Pick<Store, 'rows' | 'metrics'>,
  run: string,
): Generator<string> {
  yield line(['name', 'step', 'epoch', 'time', 'value']);
  for (const name of Object.keys(rows.summaries(run))) {
    for (let after = -1; ;) {
      const page = metrics.points(run, name, after, PAGE);
      if (!page.length) break;
      yield page
        .map(({ step, epoch, time, value }) => line([name, step, epoch, new Date(time), value]))
        .join('');
      after = page[page.length - 1].step;
    }
  }
}

const RUN_COLUMNS: readonly [title: string, cell: (row: StoredRow) => Cell][] = [
  ['id', (row) => row.id],
  ['name', (row) => row.name],
  ['state', (row) => row.state],
  ['method', (row) => row.method],
  ['backbone', (row) => row.backbone],
  ['data', (row) => row.data],
  ['parent', (row) => row.parent],
  ['tags', (row) => row.tags.join(', ')],
  ['notes', (row) => row.notes],
  ['baseline', (row) => row.isBaseline],
  ['created', (row) => date(row.createdAt)],
  ['started', (row) => date(row.startedAt)],
  ['ended', (row) => date(row.endedAt)],
  ['trained seconds', (row) => row.trainedFor / 1000],
  ['step', (row) => row.step],
  ['epoch', (row) => row.epoch],
  ['epochs', (row) => row.epochs],
  ['collapsed', (row) => row.collapsed],
  ['failure', (row) => row.failure],
];

const summaryTitles = (name: string): string[] =>
  ['last', 'best', 'best step', 'min', 'max'].map((part) => `${name} ${part}`);

const summaryCells = (summary: MetricSummary | undefined): Cell[] =>
  summary
    ? [summary.last, summary.best, summary.bestStep, summary.min, summary.max]
    : [null, null, null, null, null];

const date = (time: number | null): Date | null => (time === null ? null : new Date(time));

const line = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`;

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== 'string') return String(cell);
  // A spreadsheet would run such a text as a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
