/** Typed numbers and their limits. */

export interface NumberLimits {
  min?: number | undefined;
  max?: number | undefined;
  /** `min` and `max` themselves are not allowed. */
  exclusiveMin?: boolean | undefined;
  exclusiveMax?: boolean | undefined;
  integer?: boolean | undefined;
}

/**
 * @param optional an empty text is null.
 * @returns the value, or what is wrong with the text as a sentence.
 */
export function parseNumber(
  text: string,
  limits: NumberLimits,
  optional: boolean,
): { value: number | null } | { problem: string } {
  const trimmed = text.trim().replace(/(?<=\d),(?=\d{3}(\D|$))/g, '');
  if (trimmed === '') return optional ? { value: null } : { problem: 'A number is needed.' };
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return { problem: `“${trimmed}” is not a number.` };
  if (limits.integer && !Number.isInteger(value)) return { problem: 'It must be a whole number.' };
  const { min = -Infinity, max = Infinity } = limits;
  const low = limits.exclusiveMin ? value <= min : value < min;
  const high = limits.exclusiveMax ? value >= max : value > max;
  if (!low && !high) return { value };
  return { problem: `It must be ${rangeText(limits)}.` };
}

/** "from 0 to 1", "at least 1", "more than 0". */
function rangeText({ min, max, exclusiveMin, exclusiveMax }: NumberLimits): string {
  if (min !== undefined && max !== undefined && !exclusiveMin && !exclusiveMax)
    return `from ${min} to ${max}`;
  const low = min === undefined ? '' : `${exclusiveMin ? 'more than' : 'at least'} ${min}`;
  const high = max === undefined ? '' : `${exclusiveMax ? 'less than' : 'at most'} ${max}`;
  return [low, high].filter(Boolean).join(' and ');
}
