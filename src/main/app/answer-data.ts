/** Rows, curves and points of runs, as JSON, arrays and tables. */
import { Readable } from 'node:stream';
import { encodeCurve } from '../../shared/api/files';
import type { RunRows as RunRowsAnswer } from '../../shared/api/run-rows';
import { pointsCsv, rowsCsv } from '../csv';
import type { FetchParts } from './fetch';
import { attachment, bytes, json, problem } from './responses';

const MAX_PARTS = 10_000;
const MAX_METRICS = 200;

export function answerRows(
  { library, rows, bus }: Pick<FetchParts, 'library' | 'rows' | 'bus'>,
  query: URLSearchParams,
): Response {
  const metrics = listOf(query, 'metrics');
  if (metrics.length > MAX_METRICS) return problem(400, `At most ${MAX_METRICS} metrics can be asked for.`);
  return json({
    rows: rows.list(metrics),
    metricNames: library.host.store.rows.metricNames(),
    seq: bus.seq,
  } satisfies RunRowsAnswer);
}

/** All runs where no ids are given. */
export function answerRowsTable({ rows }: Pick<FetchParts, 'rows'>, query: URLSearchParams): Response {
  const metrics = listOf(query, 'metrics');
  if (metrics.length > MAX_METRICS) return problem(400, `At most ${MAX_METRICS} metrics can be asked for.`);
  const ids = new Set(listOf(query, 'ids'));
  const chosen = rows.list(metrics).filter((row) => ids.size === 0 || ids.has(row.id));
  return attachment(streamed(rowsCsv(chosen, metrics)), CSV, 'runs.csv');
}

export function answerCurve(
  { library }: Pick<FetchParts, 'library'>,
  run: string,
  query: URLSearchParams,
): Response {
  const name = query.get('name');
  const parts = wholeNumber(query, 'parts');
  if (!name || parts === undefined || parts < 1 || parts > MAX_PARTS) {
    return problem(400, `A curve wants its name, and parts as a whole number from 1 to ${MAX_PARTS}.`);
  }
  const [from, to] = [wholeNumber(query, 'from'), wholeNumber(query, 'to')];
  if ((from === undefined) !== (to === undefined) || (from !== undefined && to! < from)) {
    return problem(400, 'A range wants both from and to, whole numbers in this order.');
  }
  const { store, supervisor } = library.host;
  // What the child said is in the store before it is read.
  supervisor.flush(run);
  store.rows.get(run, []);
  const range = from === undefined ? undefined : { from, to: to! };
  return bytes(
    encodeCurve(store.metrics.curve(run, name, parts, range)),
    'application/octet-stream',
    'never',
  );
}

export function answerPoints(
  { library }: Pick<FetchParts, 'library'>,
  run: string,
  query: URLSearchParams,
): Response {
  if (query.get('format') !== 'csv') return problem(400, 'The points of a run are to be had as format=csv.');
  const { store, supervisor } = library.host;
  supervisor.flush(run);
  const { name } = store.rows.get(run, []);
  return attachment(streamed(pointsCsv(store, run)), CSV, `${name}.csv`);
}

/** The text is made while it is sent. */
function streamed(pieces: Iterable<string>): ReadableStream {
  const encoder = new TextEncoder();
  const encoded = (function* () {
    for (const piece of pieces) yield encoder.encode(piece);
  })();
  return Readable.toWeb(Readable.from(encoded)) as ReadableStream;
}

const CSV = 'text/csv; charset=utf-8';

const listOf = (query: URLSearchParams, name: string): string[] =>
  (query.get(name) ?? '').split(',').filter((item) => item !== '');

/** Undefined where it is not given, or is none. */
function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
