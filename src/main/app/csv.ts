/** Tables for spreadsheets and pandas: RFC 4180, dates as ISO 8601. */
import { Readable } from 'node:stream';
import type { RunRow } from '../../shared/api/run-rows';
import type { Store } from '../store/store';

/** One line a run, with the last and best value of each metric. */
export function rowsCsv(rows: readonly RunRow[], metrics: readonly string[]): string {
  const lines = [
    [
      ...['id', 'name', 'state', 'method', 'backbone', 'data', 'parent', 'tags', 'notes'],
      ...['created', 'started', 'ended', 'trained_seconds', 'step', 'epoch'],
      ...metrics.flatMap((name) => [name, `${name} best`]),
    ],
    ...rows.map((row) => [
      ...[row.id, row.name, row.state, row.method, row.backbone, row.data, row.parent],
      ...[row.tags.join(' '), row.notes, date(row.createdAt), date(row.startedAt), date(row.endedAt)],
      ...[row.trainedFor / 1000, row.step, row.epoch],
      ...metrics.flatMap((name) => [row.metrics[name]?.last ?? null, row.metrics[name]?.best ?? null]),
    ]),
  ];
  return lines.map(csvLine).join('');
}

/** Points read at once. */
const PAGE = 5000;

/** Every point of a run, curve after curve; read while it is sent. */
export function pointsCsv(store: Store, run: string): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(encoded(pointLines(store, run)))) as ReadableStream<Uint8Array>;
}

function* pointLines(store: Store, run: string): Generator<string> {
  yield csvLine(['metric', 'step', 'epoch', 'time', 'value']);
  for (const { name } of store.metrics.summaries(run)) {
    let after = -1;
    for (;;) {
      const points = store.metrics.points(run, name, after, PAGE);
      if (!points.length) break;
      after = points.at(-1)!.step;
      yield points
        .map(({ step, epoch, time, value }) => csvLine([name, step, epoch, date(time), value]))
        .join('');
    }
  }
}

function* encoded(texts: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const text of texts) yield encoder.encode(text);
}

function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | number | null): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const date = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
