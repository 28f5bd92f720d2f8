/** Which settings stand in front and under which headings the others are folded. */
import { changesWithin, type Changes } from './changes';
import { leavesOf, type Field, type LeafField } from './fields';
import { labelOf } from './names';
import { isWithin, keyOf, parentOf } from './paths';

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly LeafField[];
  /** Of the settings in it. */
  readonly changes: number;
  /** A fault in it, so that it can be opened and found. */
  readonly issues: number;
}

export interface Layout {
  /** Which network: its kind and its size. */
  readonly backbone: readonly LeafField[];
  /** How long and how fast. */
  readonly training: readonly LeafField[];
  /** The first few options of the method. */
  readonly method: readonly LeafField[];
  readonly groups: readonly Group[];
}

/** Set by choosers of their own: what is trained on, how, and from which weights. */
const CHOSEN_ELSEWHERE = ['method', 'data.path', 'data.labelled', 'init'];
const TRAINING = ['epochs', 'batchSize', 'learningRate', 'data.imageSize'];
const MOST_METHOD_OPTIONS = 3;

/** Headings in their order; a setting belongs to the first that one of its paths covers. */
const headings: readonly { id: string; title: string; paths: readonly string[] }[] = [
  { id: 'data', title: 'Data', paths: ['data'] },
  { id: 'views', title: 'Views', paths: ['options.views'] },
  { id: 'method', title: 'Method', paths: ['options'] },
  { id: 'teacher', title: 'Teacher', paths: ['teacher'] },
  { id: 'backbone', title: 'Backbone', paths: ['backbone'] },
  { id: 'optimizer', title: 'Optimizer', paths: ['optimizer', 'accumulate', 'clipNorm', 'ema'] },
  { id: 'schedule', title: 'Schedule', paths: ['schedule'] },
  { id: 'evaluation', title: 'Evaluation', paths: ['knn'] },
  { id: 'checkpoints', title: 'Checkpoints', paths: ['checkpoint'] },
  { id: 'device', title: 'Device', paths: ['device', 'threads', 'lowMemory'] },
  { id: 'more', title: 'Length and seed', paths: [''] },
];

export function layOut(fields: readonly Field[], changes: Changes): Layout {
  const leaves = leavesOf(fields).filter(({ path }) => !isChosenElsewhere(path));
  const backbone = leaves.filter(({ path }) => isWithin(path, 'backbone')).slice(0, 2);
  const training = TRAINING.flatMap((path) => leaves.find((leaf) => leaf.path === path) ?? []);
  const method = leaves
    .filter(({ path }) => isWithin(path, 'options') && !isWithin(path, 'options.views'))
    .slice(0, MOST_METHOD_OPTIONS)
    .map(namedInFull);
  const inFront = new Set([...backbone, ...training, ...method].map(({ path }) => path));
  const folded = leaves.filter(({ path }) => !inFront.has(path));

  const headingOf = (path: string) =>
    headings.find(({ paths }) => paths.some((prefix) => prefix === '' || isWithin(path, prefix)));
  const groups = headings.flatMap((heading): Group[] => {
    const own = folded.filter(({ path }) => headingOf(path) === heading);
    if (own.length === 0) return [];
    return [
      {
        id: heading.id,
        title: heading.title,
        fields: heading.id === 'method' ? own.map(namedInFull) : own,
        changes: changesWithin(
          changes,
          own.map(({ path }) => path),
        ),
        issues: own.filter(({ issue }) => issue !== null).length,
      },
    ];
  });
  return { backbone, training, method, groups };
}

const isChosenElsewhere = (path: string): boolean =>
  CHOSEN_ELSEWHERE.some((chosen) => isWithin(path, chosen));

/** Outside its group a setting says what it belongs to: "Projector: hidden width". */
function namedInFull(leaf: LeafField): LeafField {
  const parent = parentOf(leaf.path);
  if (keyOf(parent) === 'options') return leaf;
  const label = leaf.label.charAt(0).toLowerCase() + leaf.label.slice(1);
  return { ...leaf, label: `${labelOf(parent)}: ${label}` };
}
