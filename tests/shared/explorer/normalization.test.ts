/** src/shared/explorer/normalization.ts: what may be typed, and what is said of what may not. */
import { expect, test } from 'vitest';
import {
  NORMALIZATIONS,
  normalizationNames,
  normalizationSchema,
  normalizationText,
  parseNormalization,
} from '../../../src/shared/explorer/normalization';
import { UserError } from '../../../src/shared/errors';

test.each(normalizationNames)('%s is given by its name and told by it', (name) => {
  expect(parseNormalization(` ${name.toUpperCase()} `)).toEqual(NORMALIZATIONS[name]);
  expect(normalizationText(NORMALIZATIONS[name])).toBe(name);
  expect(normalizationSchema.parse(NORMALIZATIONS[name])).toEqual(NORMALIZATIONS[name]);
});

test.each([
  ['0.4/0.25', { mean: [0.4, 0.4, 0.4], std: [0.25, 0.25, 0.25] }, '0.4/0.25'],
  ['0.4, 0.5,0.6 / 0.25', { mean: [0.4, 0.5, 0.6], std: [0.25, 0.25, 0.25] }, '0.4,0.5,0.6/0.25'],
  // The numbers of a name are the name.
  ['0.485,0.456,0.406/0.229,0.224,0.225', NORMALIZATIONS.imagenet, 'imagenet'],
  ['0/1', NORMALIZATIONS.unit, 'unit'],
])('%s is read, and written as it is read', (text, expected, written) => {
  const found = parseNormalization(text);
  expect(found).toEqual(expected);
  expect(normalizationText(found)).toBe(written);
  expect(parseNormalization(written)).toEqual(found);
});

test.each([
  ['imagnet', /"imagnet" is no normalization/, /Did you mean imagenet\?/],
  ['0.5', /"0.5" is no normalization/, /mean\/std/],
  ['0.5/0.5/0.5', /is no normalization/, /mean\/std/],
  ['0.5,0.5/0.5', /mean "0.5,0.5" is not one number, or three/, /imagenet, clip/],
  ['0.5/0.5,,0.5', /deviation "0.5,,0.5" is not one number/, /imagenet, clip/],
  ['a/0.5', /mean "a" is not one number/, /imagenet, clip/],
  ['123.675,116.28,103.53/0.2', /mean 123.675 is not from 0 to 1: .*gives 0.485\./, /imagenet/],
  ['0.485/58.395', /standard deviation 58.395 is not above 0 and at most 1: .*gives 0.229\./, /imagenet/],
  ['0.5/0', /standard deviation 0 is not above 0/, /imagenet/],
  ['-1/1', /mean -1 is not from 0 to 1\.$/, /imagenet/],
])('%s is refused, saying what was expected', (text, message, hint) => {
  const refused = refusalOf(() => parseNormalization(text));
  expect(refused.kind).toBe('usage');
  expect(refused.message).toMatch(message);
  expect(refused.hint).toMatch(hint);
});

function refusalOf(call: () => unknown): UserError {
  try {
    call();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}
