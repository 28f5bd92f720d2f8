/** How started experiments are named, and where they are shown. */
import { href } from '../../lib/routes';

/** The experiment's id, or with the first number from 2 on that nobody has taken. */
export function freeName(experiment: string, taken: readonly string[]): string {
  let name = experiment;
  for (let number = 2; taken.includes(name); number++) name = `${experiment}-${number}`;
  return name;
}

/** Of an experiment, or of one that was started by this name. */
export const experimentPath = (experiment: string, name?: string): string =>
  href(`/experiments/${encodeURIComponent(experiment)}`, { name });

/** The pairs of a text with one key=value a line; empty lines are none. */
export const settingLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
