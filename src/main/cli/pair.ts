/** "key=value" arguments that may be repeated. */
import { InvalidArgumentError } from 'commander';

/** For commander: adds one to those before it. */
export function pair(text: string, before: [string, string][]): [string, string][] {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('It must be key=value, e.g. batchSize=128.');
  return [...before, [text.slice(0, at).trim(), text.slice(at + 1)]];
}
