/** The line for a terminal that does what a form says. */
import type { Draft } from '../../shared/api/set-up';
import { quote } from '../../shared/shell-word';

/** Settings that have a flag of their own. */
const FLAGS: Readonly<Record<string, string>> = {
  'data.path': '--data',
  'data.labelled': '--labelled',
  device: '--device',
  seed: '--seed',
  maxSteps: '--max-steps',
};

/**
 * `selvedge train ...`: the same run as the draft's.
 * @param preset what to begin with: a preset's id, or the path of a run's config.json.
 */
export function commandLine(preset: string, draft: Omit<Draft, 'base'>): string {
  const words = ['selvedge', 'train', quote(preset)];
  const sets: string[] = [];
  for (const [path, value] of Object.entries(draft.changes)) {
    const flag = FLAGS[path];
    if (flag && value !== null)
      words.push(flag, quote(typeof value === 'string' ? value : settingText(value)));
    else sets.push('--set', quote(`${path}=${settingText(value)}`));
  }
  words.push(...sets);
  if (draft.from) {
    const { run, checkpoint, freezeEncoder } = draft.from;
    words.push('--from', quote(run));
    if (checkpoint !== 'last') words.push('--checkpoint', checkpoint);
    if (freezeEncoder) words.push('--freeze-encoder');
  }
  if (draft.name) words.push('--name', quote(draft.name));
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
