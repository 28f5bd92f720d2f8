/** Whole numbers among options. */
import { InvalidArgumentError } from 'commander';

/** At least 1. */
export function wholeNumber(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return n;
}

export const wholeNumbers = (text: string): number[] => text.split(',').map(wholeNumber);

/** At least 0. */
export function seedNumber(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 0)
    throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return n;
}
