/** Failures of the disk under an embedding set, in words. */
import { messageOf, UserError } from '../../shared/errors';

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space, then update the set: it goes on where it stopped.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, then update the set: it goes on where it stopped.'],
  EACCES: ['the folder may not be written to', 'Give yourself write permission, then update the set.'],
  EPERM: ['the folder may not be written to', 'Give yourself write permission, then update the set.'],
  EROFS: ['the disk is read-only', 'Use a library on another disk (--library).'],
  EIO: ['the disk reports an error', 'Is the disk sound, and still connected?'],
};

/** @returns a UserError where the disk is the cause, else the error itself. */
export function explainDisk(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (error instanceof UserError || !Object.hasOwn(REASONS, code)) return error;
  const [reason, hint] = REASONS[code];
  return new UserError(
    `The embedding set in ${folder} cannot be written: ${reason} (${messageOf(error)})`,
    hint,
  );
}
