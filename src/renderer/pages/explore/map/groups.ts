/** What the points are coloured by, and the mark of each group: never by colour alone, shapes change along. */
import type { MapInfo, MapPoints } from '../../../../shared/explorer/map';
import type { SetImage } from '../../../../shared/explorer/sets';

export type ColorBy = 'class' | 'cluster' | 'score';

/** As the shader and the legend draw them. */
export const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'plus', 'cross'] as const;
export type Shape = (typeof SHAPES)[number];

export interface Mark {
  /** A custom property of tokens.css, or any other CSS colour. */
  readonly color: string;
  readonly shape: Shape;
}

export interface Group {
  readonly name: string;
  readonly count: number;
  readonly mark: Mark;
  /** More of it, on hover: "91.4 % of its labelled images are of this class". */
  readonly about?: string;
}

export interface Grouping {
  readonly by: ColorBy;
  readonly groups: readonly Group[];
  /** By row, the place in `groups`. */
  readonly groupOf: Uint32Array;
  /** The group that only makes the background. */
  readonly background?: number;
}

const COLORS = 10;
export const QUIET_MARK: Mark = { color: 'var(--mark-off)', shape: 'circle' };

/** Sixty marks of ten colours and six shapes, neighbours unlike in both; over again beyond. */
export function markOf(place: number): Mark {
  const turn = Math.floor(place / 30);
  return { color: `var(--run-${place % COLORS})`, shape: SHAPES[(place + turn) % SHAPES.length] };
}

/** Largest first, as the legend has them; images without a class last. */
export function byClass(images: readonly SetImage[]): Grouping {
  const counts = new Map<string | null, number>();
  for (const { label } of images) counts.set(label, (counts.get(label) ?? 0) + 1);
  const unlabelled = counts.get(null) ?? 0;
  counts.delete(null);
  // By name, so that a class keeps its mark when images are added.
  const names = [...counts.keys()].filter((label) => label !== null).sort(byName);
  const groups = names.map((name, place): Group => ({ name, count: counts.get(name)!, mark: markOf(place) }));
  if (unlabelled > 0) groups.push({ name: 'No class', count: unlabelled, mark: QUIET_MARK });
  const places = new Map<string | null, number>(names.map((name, place) => [name, place]));
  places.set(null, names.length);
  return { by: 'class', groups, groupOf: Uint32Array.from(images, ({ label }) => places.get(label)!) };
}

const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: string, b: string): number => collator.compare(a, b);

export function byCluster(clusters: MapInfo['clusters'], { cluster }: Pick<MapPoints, 'cluster'>): Grouping {
  const groups = clusters.map(({ name, label, purity, count }, place): Group => ({
    name,
    count,
    mark: markOf(place),
    about:
      label === null
        ? 'No image of it has a class'
        : `${(purity! * 100).toFixed(1)} % of its images with a class are ${label}`,
  }));
  return { by: 'cluster', groups, groupOf: cluster };
}

/** From low to high; of even steps in lightness on both themes. */
const RAMP = ['var(--score-0)', 'var(--score-1)', 'var(--score-2)', 'var(--score-3)', 'var(--score-4)'];

/** Results of a query in five steps of their scores, and all other images. @param scores cosine by row. */
export function byScore(count: number, scores: ReadonlyMap<number, number>): Grouping {
  const groupOf = new Uint32Array(count).fill(RAMP.length);
  const values = [...scores].filter(([row]) => row < count);
  const least = values.reduce((low, [, score]) => Math.min(low, score), Infinity);
  const most = values.reduce((high, [, score]) => Math.max(high, score), -Infinity);
  const width = (most - least) / RAMP.length || 1;
  const counts = RAMP.map(() => 0);
  for (const [row, score] of values) {
    // Nearest first in the legend.
    const step = Math.min(RAMP.length - 1, Math.floor((most - score) / width));
    groupOf[row] = step;
    counts[step]++;
  }
  const text = (step: number) =>
    values.length === 0
      ? '–'
      : `${(most - (step + 1) * width).toFixed(3)} to ${(most - step * width).toFixed(3)}`;
  const steps = RAMP.map((color, step): Group => ({
    name: text(step),
    count: counts[step],
    mark: { color, shape: SHAPES[step] },
    about: 'Cosine similarity to the query in the original space',
  }));
  const others: Group = { name: 'Not among the results', count: count - values.length, mark: QUIET_MARK };
  return { by: 'score', groups: [...steps, others], groupOf, background: RAMP.length };
}
