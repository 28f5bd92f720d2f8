/** "key=value", as --set takes it and as a form has it in a line. */

/** What is said of anything else. */
export const PAIR_FORM = 'It must be key=value, e.g. batchSize=128.';

/** @returns undefined where the text is no pair. */
export function settingPair(text: string): [path: string, value: string] | undefined {
  const at = text.indexOf('=');
  return at <= 0 ? undefined : [text.slice(0, at).trim(), text.slice(at + 1)];
}
