/** Evaluations of a run as rows of one table, the newest first, baselines last. */
import type { Evaluation } from '../../../shared/api/runs';
import { isObject } from '../../../shared/json-schema';

export interface EvaluationRow {
  readonly key: string;
  /** Of the weights; null for what has none. */
  readonly step: number | null;
  readonly what: string;
  /** Accuracy in [0, 1]. */
  readonly accuracy: number;
  /** How it was found, or how sure it is; null where there is nothing to say. */
  readonly note: string | null;
  readonly k: number | null;
  /** Path of the data where it is not the run's own. */
  readonly data: string | null;
  /** Images in the bank and images that were classified. */
  readonly bank: number | null;
  readonly queries: number | null;
  readonly time: number;
  readonly isBaseline: boolean;
}

export function evaluationRows(evaluations: readonly Evaluation[]): EvaluationRow[] {
  const rows = evaluations.flatMap(rowsOf);
  const newestFirst = rows.filter(({ isBaseline }) => !isBaseline).reverse();
  return [...newestFirst, ...rows.filter(({ isBaseline }) => isBaseline)];
}

function rowsOf({ id, kind, step, time, data }: Evaluation): EvaluationRow[] {
  const base = {
    step,
    time,
    k: numberOf(data['k']),
    bank: numberOf(data['bank']),
    queries: numberOf(data['queries']),
    data: null,
    note: null,
    isBaseline: false,
  };
  const row = (what: string, accuracy: unknown, more: Partial<EvaluationRow> = {}): EvaluationRow[] =>
    typeof accuracy === 'number'
      ? [{ ...base, key: `${id}-${what}-${more.k ?? ''}`, what, accuracy, ...more }]
      : [];
  switch (kind) {
    case 'baseline':
      return [
        ...row('Untrained encoder', data['untrained'], { isBaseline: true, step: 0 }),
        ...row('Raw pixels', data['rawPixels'], { isBaseline: true, step: null }),
      ];
    case 'knn':
      return Object.entries(isObject(data['accuracy']) ? data['accuracy'] : {})
        .sort(([a], [b]) => Number(b) - Number(a))
        .flatMap(([k, accuracy]) =>
          row('k-NN, asked for', accuracy, {
            k: Number(k),
            data: textOf(data['data']),
            note: featureOf(data),
          }),
        );
    case 'linear':
      return row('Linear probe', data['accuracy'], {
        k: null,
        data: textOf(data['data']),
        note: joined(featureOf(data), learningRateOf(data)),
      });
    case 'few-shot':
      return (Array.isArray(data['shots']) ? data['shots'] : []).flatMap((one: unknown) =>
        isObject(one)
          ? row(`${String(one['shots'])}-shot`, one['accuracy'], {
              k: null,
              data: textOf(data['data']),
              note: joined(featureOf(data), intervalOf(one['interval'])),
            })
          : [],
      );
    default:
      return [
        ...row('Classifier', data['testAccuracy'], { k: null, bank: null }),
        ...row('k-NN', data['knn']),
      ];
  }
}

const joined = (...parts: readonly (string | null)[]): string | null =>
  parts.filter((part) => part !== null).join(', ') || null;

/** What is told where it was another vector than the embedding. */
const featureOf = ({ feature }: Evaluation['data']): string | null =>
  typeof feature === 'string' && feature !== 'embedding' ? `of ${feature}` : null;

/** A grid is told: its accuracy is not to be compared with that of one rate that was fixed before. */
function learningRateOf({ learningRate, grid }: Evaluation['data']): string | null {
  if (typeof learningRate !== 'number') return null;
  const chosen = Array.isArray(grid) ? `, best of ${grid.length} on a held-out tenth` : '';
  return `learning rate ${learningRate}${chosen}`;
}

/** @param interval half of the 95 % confidence interval, as a share. */
const intervalOf = (interval: unknown): string | null =>
  typeof interval === 'number' ? `± ${(100 * interval).toFixed(1)} %` : null;

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** "0.1" or "0.1, 0.3". @returns null where it is no list of 1 to 20 numbers above 0 and up to 1,000. */
export function parseRates(text: string): number[] | null {
  const rates = [
    ...new Set(
      text
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ];
  if (rates.length < 1 || rates.length > 20) return null;
  return rates.every((rate) => rate > 0 && rate <= 1000) ? rates : null;
}

/** "20" or "5, 20, 200". @returns null where it is no list of 1 to 20 whole numbers from 1 to 1,000. */
export function parseCounts(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  if (parts.length < 1 || parts.length > 20 || !parts.every((part) => /^\d{1,4}$/.test(part))) return null;
  const all = [...new Set(parts.map(Number))];
  return all.every((k) => k >= 1 && k <= 1000) ? all : null;
}
