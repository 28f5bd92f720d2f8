/** What a run took from the file of weights that it started from, as a table. */
import {
  notPlainlyLoaded,
  shapesText,
  startingWeightsOf,
  transferCounts,
  type StartingWeights,
} from '../../shared/starting-weights';
import { table } from './format';

/** @param events a run's, oldest first; one that was started twice before its first checkpoint tells it twice. */
export function weightsLines(events: readonly Parameters<typeof startingWeightsOf>[0][]): string[] {
  const told = events
    .map(startingWeightsOf)
    .filter((weights): weights is StartingWeights => weights !== null)
    .at(-1);
  if (!told) return [];
  const rows = notPlainlyLoaded(told.rows);
  const lines = ['', `Started from ${told.file}`, `  ${transferCounts(told.rows)}`];
  if (rows.length === 0) return lines;
  const cells = rows.map((row) => [
    row.name ?? '',
    row.fileName === row.name ? '' : row.fileName,
    shapesText(row),
    row.what,
    row.note ?? '',
  ]);
  return [
    ...lines,
    table(['parameter', 'in the file', 'shape', 'what', 'note'], cells),
    '(those loaded as they are: with --json, under events)',
  ];
}
