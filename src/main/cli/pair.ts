/** "key=value" arguments that may be repeated. */
import { InvalidArgumentError } from 'commander';
import { PAIR_FORM, settingPair } from '../../shared/setting-pair';

/** For commander: adds one to those before it. */
export function pair(text: string, before: [string, string][]): [string, string][] {
  const found = settingPair(text);
  if (!found) throw new InvalidArgumentError(PAIR_FORM);
  return [...before, found];
}
