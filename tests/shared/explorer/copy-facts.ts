/** What is known of a file among copies, made up. */
import type { CopyFacts } from '../../../src/shared/explorer/copies';

export const copyFacts = (row: number, name: string, changes: Partial<CopyFacts> = {}): CopyFacts => ({
  row,
  name,
  width: 100,
  height: 80,
  bytes: 2048,
  changedAt: 0,
  problem: null,
  ...changes,
});
