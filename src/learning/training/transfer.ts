/** Starting from weights: an encoder's tensors from a file become the encoder of a new run. */
import type { HostTensors } from '../../engine';
import { UserError } from '../../shared/errors';
import { adaptForeignWeights } from './foreign-weights';
import { under } from './state';

export interface Transfer {
  /** The state with the encoder replaced, and its averaged copy where there is one. */
  readonly state: HostTensors;
  /** Parameters of the encoder that were taken over: all of them. */
  readonly loaded: readonly string[];
  /** Tensors of the file that the encoder has no place for, such as a classifier's "fc.weight". */
  readonly ignored: readonly string[];
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
  const { tensors: found, changes } = adaptForeignWeights(bareNames(tensors), wanted);
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
  return {
    state: next,
    loaded: Object.keys(wanted),
    ignored: Object.keys(found).filter((name) => !(name in wanted) && !name.endsWith('num_batches_tracked')),
    changes,
  };
}

/**
 * The networks that never move, from a file: the averaged weights of a part where the file has them.
 * @param state a new run's, with "fixed/<part>/<name>". @param tensors by "<part>/<name>".
 * @throws UserError naming the parameters that are missing or have another shape.
 */
export function transferFixed(
  state: HostTensors,
  tensors: HostTensors,
  source: string,
): Pick<Transfer, 'state' | 'loaded'> {
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

function bareNames(tensors: HostTensors): HostTensors {
  for (const prefix of ['ema/encoder/', 'encoder/']) {
    const encoder = under(prefix, tensors);
    if (Object.keys(encoder).length > 0) return encoder;
  }
  return tensors;
}
