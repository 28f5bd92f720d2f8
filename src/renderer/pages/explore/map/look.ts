/** How each point looks, as bytes for the renderers. */
import { SHAPES, type Grouping } from './groups';

/** Bytes a point: red, green, blue, shape, state, and three that only fill. */
export const LOOK_BYTES = 8;
/** Later ones are drawn over earlier ones. */
export const STATES = { dimmed: 0, plain: 1, selected: 2, query: 3 } as const;

/** The red thread: what is asked is where one is. */
const QUERY_COLOR = 'var(--thread)';

export type Rgb = readonly [red: number, green: number, blue: number];

export interface LookOptions {
  readonly grouping: Grouping;
  /** Groups that are shown as if alone; all where it is empty. */
  readonly emphasized: ReadonlySet<number>;
  readonly selected: ReadonlySet<number>;
  readonly query: number | null;
  readonly rgb: (color: string) => Rgb;
}

export function looks({ grouping, emphasized, selected, query, rgb }: LookOptions): Uint8Array {
  const { groups, groupOf, background } = grouping;
  const isPlain = (group: number) => (emphasized.size === 0 ? group !== background : emphasized.has(group));
  const colors = groups.map(({ mark }) => rgb(mark.color));
  const shapes = groups.map(({ mark }) => SHAPES.indexOf(mark.shape));
  const out = new Uint8Array(groupOf.length * LOOK_BYTES);
  groupOf.forEach((group, row) => {
    const at = row * LOOK_BYTES;
    out.set(row === query ? rgb(QUERY_COLOR) : colors[group], at);
    out[at + 3] = shapes[group];
    out[at + 4] = stateOf(row, isPlain(group), selected, query);
  });
  return out;
}

function stateOf(row: number, isPlain: boolean, selected: ReadonlySet<number>, query: number | null): number {
  if (row === query) return STATES.query;
  if (selected.has(row)) return STATES.selected;
  return isPlain ? STATES.plain : STATES.dimmed;
}
