/** The line for a terminal that does what a form says. */
import type { Draft } from '../../shared/api/set-up';
import { quote } from '../../shared/shell-word';
import type { StartingWeights } from '../questions';

/** Settings that have a flag of their own. */
const FLAGS: Readonly<Record<string, string>> = {
  'data.path': '--data',
  'data.labelled': '--labelled',
  device: '--device',
  seed: '--seed',
  maxSteps: '--max-steps',
};

interface TrainLine extends Pick<Draft, 'changes' | 'name'> {
  weights: StartingWeights | undefined;
}

/**
 * `selvedge train ...`: the same run as the draft's.
 * @param preset what to begin with: a preset's id, or the path of a run's config.json.
 */
export function commandLine(preset: string, { changes, weights, name }: TrainLine): string {
  const words = ['selvedge', 'train', quote(preset)];
  const sets: string[] = [];
  for (const [path, value] of Object.entries(changes)) {
    const flag = FLAGS[path];
    if (flag && value !== null)
      words.push(flag, quote(typeof value === 'string' ? value : settingText(value)));
    else sets.push('--set', quote(`${path}=${settingText(value)}`));
  }
  words.push(...sets);
  if (weights) {
    const { reference, checkpoint = 'last', freezeEncoder } = weights;
    words.push('--from', quote(reference));
    if (checkpoint !== 'last') words.push('--checkpoint', checkpoint);
    if (freezeEncoder) words.push('--freeze-encoder');
  }
  if (name) words.push('--name', quote(name));
  return words.join(' ');
}

/** As --set reads it: JSON where it parses as JSON, text otherwise. */
export function settingText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return parsesAsJson(value) ? JSON.stringify(value) : value;
}

function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
