/** The option of commands that embed by an encoder file. */
import { InvalidArgumentError } from 'commander';
import { UserError } from '../../shared/errors';
import {
  normalizationNames,
  parseNormalization,
  type Normalization,
} from '../../shared/explorer/normalization';

/** For commander's `option`. */
export const NORMALIZATION_OPTION = [
  '--normalization <how>',
  `of an encoder file: ${normalizationNames.join(', ')}, or mean/std (default: what the file says, else imagenet)`,
  parse,
] as const;

function parse(text: string): Normalization {
  try {
    return parseNormalization(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new InvalidArgumentError([error.message, error.hint].join(' '));
  }
}
