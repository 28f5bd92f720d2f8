/** Starting from weights: an encoder's tensors from a file become the encoder of a new run. */
import type { HostTensors } from '../../engine';
import { UserError } from '../../shared/errors';
import type { TransferRow } from '../../shared/starting-weights';
import { adaptForeignWeights, withoutPrefix, type Adapted } from './foreign-weights';
import { under } from './state';

export interface Transfer {
  /** The state with the encoder replaced, and its averaged copy where there is one. */
  readonly state: HostTensors;
  /**
   * What became of each tensor of the file: every parameter of the encoder has one, others are skipped. PyTorch's
   * "num_batches_tracked", counters that nothing needs, are left out.
   */
  readonly rows: readonly TransferRow[];
  /** What was done to the file's tensors to make them fit, in words. */
  readonly changes: readonly string[];
}

/**
 * @param state a new run's initial state.
 * @param tensors by torchvision / timm / DINO name, with or without "encoder/" before it; of a whole training state the
 * averaged encoder is taken where there is one. See foreign-weights.ts for what is made of others' weights.
 * @param source for messages: where the tensors come from.
 * @throws UserError naming the parameters that are missing or have another shape.
 */
export function transferEncoder(state: HostTensors, tensors: HostTensors, source: string): Transfer {
  const wanted = under('encoder/', state);
  const part = partOfEncoder(tensors);
  const given = under(part, tensors);
  const adapted = adaptForeignWeights(given, wanted);
  const { tensors: found, changes } = adapted;
  const problems = misfits(wanted, found, 'this encoder');
  if (problems)
    throw new UserError(
      `The weights in ${source} do not fit this run's encoder: ${problems}`,
      'Set backbone.* to what the weights were trained with.',
    );
  const next = { ...state };
  for (const name of Object.keys(wanted)) {
    next[`encoder/${name}`] = found[name];
    if (`ema/encoder/${name}` in state) next[`ema/encoder/${name}`] = found[name];
  }
  const rows = Object.entries(given)
    .filter(([name]) => !name.endsWith('num_batches_tracked'))
    .map(([name, { shape }]) => rowOf(part, name, shape, wanted, adapted));
  return { state: next, rows, changes };
}

/** What became of the file's tensor `part + name`. */
function rowOf(
  part: string,
  name: string,
  shape: readonly number[],
  wanted: HostTensors,
  { prefix, renamed, alterations }: Adapted,
): TransferRow {
  const bare = withoutPrefix(name, prefix);
  const ownName = renamed[bare] ?? bare;
  const own = wanted[ownName] as HostTensors[string] | undefined;
  const alteration = alterations[bare] as Adapted['alterations'][string] | undefined;
  return {
    name: own ? ownName : null,
    fileName: part + name,
    fileShape: [...shape],
    shape: own ? [...own.shape] : null,
    ...(alteration ?? (own ? { what: 'loaded', note: null } : { what: 'skipped', note: NO_PLACE })),
  };
}

const NO_PLACE = 'the encoder has no such parameter';

/**
 * The networks that never move, from a file: the averaged weights of a part where the file has them.
 * @param state a new run's, with "fixed/<part>/<name>". @param tensors by "<part>/<name>".
 * @throws UserError naming the parameters that are missing or have another shape.
 */
export function transferFixed(
  state: HostTensors,
  tensors: HostTensors,
  source: string,
): { state: HostTensors; loaded: readonly string[] } {
  const wanted = under('fixed/', state);
  const found = { ...tensors, ...under('ema/', tensors) };
  const problems = misfits(wanted, found, 'the method');
  if (problems)
    throw new UserError(
      `The weights in ${source} are not those of the network that this method learns from: ${problems}`,
      'Set teacher to a run of such a network, and the settings of its size to what it was trained with.',
    );
  const loaded = Object.keys(wanted);
  return {
    state: { ...state, ...Object.fromEntries(loaded.map((name) => [`fixed/${name}`, found[name]])) },
    loaded,
  };
}

/** What is missing or has another shape, in words; null where nothing is. */
function misfits(wanted: HostTensors, found: HostTensors, needing: string): string | null {
  const problems = Object.entries(wanted).flatMap(([name, { shape }]) => {
    const tensor = found[name] as HostTensors[string] | undefined;
    if (!tensor) return [`${name} is missing`];
    if (tensor.shape.join() === shape.join()) return [];
    return [`${name} is [${tensor.shape.join(', ')}], ${needing} needs [${shape.join(', ')}]`];
  });
  if (problems.length === 0) return null;
  const more = problems.length > 4 ? `; and ${problems.length - 4} more` : '';
  return problems.slice(0, 4).join('; ') + more;
}

/** What stands before the names of the encoder: of a whole training state the averaged one's, of bare names nothing. */
function partOfEncoder(tensors: HostTensors): string {
  const names = Object.keys(tensors);
  return ['ema/encoder/', 'encoder/'].find((part) => names.some((name) => name.startsWith(part))) ?? '';
}
