/** How much memory the embedding sets that are searched may take together. */
import { totalmem } from 'node:os';

/** A quarter of the machine's, at most this, bytes. */
const MOST = 4 * 2 ** 30;

export const setMemory = (): number => Math.min(MOST, totalmem() / 4);
