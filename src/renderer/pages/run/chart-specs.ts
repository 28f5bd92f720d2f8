/** How each metric is charted: its unit, its place among the others, the lines to compare it with. */
import type { Evaluation } from '../../../shared/api/runs';
import { isObject } from '../../../shared/json-schema';
import type { RunConfig } from '../../../shared/run-config';
import type { ReferenceLine, ValueKind } from '../../charts/series';
import { isShare } from '../../lib/format';

export const CHART_GROUPS = ['Learning', 'Representation', 'Training'] as const;
export type ChartGroup = (typeof CHART_GROUPS)[number];

/** The order that charts are shown in until the user has another; metrics that are not here follow. */
const USUAL = [
  'loss',
  'knn',
  'testAccuracy',
  'accuracy',
  'pairAccuracy',
  'embeddingSpread',
  'embeddingStd',
  'learningRate',
  'gradNorm',
  'imagesPerSecond',
];

export const usualOrder = (names: readonly string[]): string[] => {
  const place = (name: string) => (USUAL.includes(name) ? USUAL.indexOf(name) : USUAL.length);
  return [...names].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
};

export function groupOf(metric: string): ChartGroup {
  if (/loss|error/i.test(metric) || isShare(metric)) return 'Learning';
  return /embedding|entropy|rank|spread|std$/i.test(metric) ? 'Representation' : 'Training';
}

export const kindOf = (metric: string): ValueKind => (isShare(metric) ? 'percent' : 'number');

/** What is known of a run beside its configuration. */
export interface Known {
  readonly evaluations: readonly Evaluation[];
  /** Loss of guessing, as the run itself told it: a number, or nothing. */
  readonly chanceLoss?: unknown;
  /** Of the data it trains on; null where not known. */
  readonly classes: number | null;
}

export function referencesOf(metric: string, config: RunConfig, known: Known): ReferenceLine[] {
  switch (metric) {
    case 'loss':
      return lossReferences(config, known);
    case 'knn':
      return knnReferences(known);
    case 'embeddingSpread':
      return [
        { label: 'evenly spread', value: 1 },
        { label: 'collapse', value: 0.25 },
      ];
    case 'embeddingStd': {
      const length = embeddingLength(config);
      return length === null ? [] : [{ label: 'evenly spread', value: 1 / Math.sqrt(length) }];
    }
    default:
      return [];
  }
}

/** Loss of guessing, and the least there is, where the method's loss has them in closed form. */
function lossReferences({ method, options, batchSize }: RunConfig, known: Known): ReferenceLine[] {
  const { classes, chanceLoss } = known;
  if (method === 'simclr') {
    const temperature = typeof options['temperature'] === 'number' ? options['temperature'] : null;
    const decoupled = options['loss'] === 'dcl';
    const chance = { label: 'guessing', value: Math.log(2 * batchSize - (decoupled ? 2 : 1)) };
    return temperature === null || decoupled
      ? [chance]
      : [chance, { label: 'floor', value: ntXentFloor(batchSize, temperature) }];
  }
  if (method === 'supervised' && classes !== null && classes > 1)
    return [{ label: 'guessing', value: Math.log(classes) }];
  return typeof chanceLoss === 'number' ? [{ label: 'guessing', value: chanceLoss }] : [];
}

/**
 * No batch of N images has a lower NT-Xent loss: both views of an image are equal, and the similarities of all others
 * have the least mean that vectors can have, -1 / (N - 1).
 */
export function ntXentFloor(batchSize: number, temperature: number): number {
  if (batchSize < 2) return 0;
  const gap = 1 + 1 / (batchSize - 1);
  return Math.log1p((2 * batchSize - 2) * Math.exp(-gap / temperature));
}

/** k-NN accuracy before training: from raw pixels, and from the encoder as it began. */
function knnReferences({ evaluations, classes }: Known): ReferenceLine[] {
  const { rawPixels, untrained } = baselinesOf(evaluations);
  const lines = [
    { label: 'untrained', value: untrained },
    { label: 'raw pixels', value: rawPixels },
  ].flatMap(({ label, value }) => (value === null ? [] : [{ label, value }]));
  // They say more than guessing does, and lie nearer to the curve.
  if (lines.length > 0 || classes === null || classes < 2) return lines;
  return [{ label: 'guessing', value: 1 / classes }];
}

export function baselinesOf(evaluations: readonly Evaluation[]): {
  rawPixels: number | null;
  untrained: number | null;
} {
  const data = evaluations.find(({ kind }) => kind === 'baseline')?.data ?? {};
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return { rawPixels: number(data['rawPixels']), untrained: number(data['untrained']) };
}

/** Of the vectors that the loss compares; null where the method has no projector. */
function embeddingLength({ options }: RunConfig): number | null {
  const projector = options['projector'];
  return isObject(projector) && typeof projector['out'] === 'number' ? projector['out'] : null;
}
