/** A report's rows as a table: only the columns that some row has a number for. */
import type { RetrievalReport, RetrievalRow } from '../../../../shared/explorer/retrieval';
import { count, percent } from '../../../lib/format';

export interface Column {
  readonly title: string;
  /** One line for those who hover. */
  readonly about: string;
  /** Unit of the numbers, shown quieter. */
  readonly unit: string;
  readonly text: (row: RetrievalRow) => string;
  /** As it is. */
  readonly exact: (row: RetrievalRow) => number | null;
}

const share = (
  title: string,
  about: string,
  exact: (row: RetrievalRow) => number | null | undefined,
): Column => ({
  title,
  about,
  unit: '%',
  exact: (row) => exact(row) ?? null,
  text: (row) => {
    const value = exact(row);
    return value === null || value === undefined ? '–' : percent(value);
  },
});

function atK(
  rows: readonly RetrievalRow[],
  of: (row: RetrievalRow) => Readonly<Record<string, number>>,
  title: string,
  about: string,
): Column[] {
  const ks = [...new Set(rows.flatMap((row) => Object.keys(of(row))))].sort((a, b) => Number(a) - Number(b));
  return ks.map((k) => share(`${title}@${k}`, about.replace('k ', `${k} `), (row) => of(row)[k]));
}

export function columnsOf({ rows }: RetrievalReport): Column[] {
  const all: Column[] = [
    {
      title: 'Queries',
      about: 'Images that asked and have a right answer',
      unit: '',
      exact: ({ queries }) => queries,
      text: ({ queries }) => count(queries),
    },
    ...(rows.some(({ leftOut }) => leftOut > 0)
      ? [
          {
            title: 'Left out',
            about: 'Queries without a right answer: they count in no mean',
            unit: '',
            exact: ({ leftOut }: RetrievalRow) => leftOut,
            text: ({ leftOut }: RetrievalRow) => count(leftOut),
          },
        ]
      : []),
    share('mAP', 'Mean over the queries of their average precision', ({ map }) => map),
    ...atK(rows, (row) => row.accuracyAt, 'Accuracy', 'Queries whose class the k nearest vote for'),
    ...atK(rows, (row) => row.precisionAt, 'P', 'Share of the first k that are right, mean over queries'),
    ...atK(rows, (row) => row.recallAt, 'R', 'Queries with a right answer among the first k'),
    share('µAP', 'Average precision of all queries’ results in one list by score', ({ microAp }) => microAp),
    share(
      'R@P90',
      'Recall where 90 % of what scores that high is right',
      ({ recallAtPrecision90 }) => recallAtPrecision90?.recall,
    ),
  ];
  return all.filter(({ exact }) => rows.some((row) => exact(row) !== null));
}
