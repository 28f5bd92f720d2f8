/** What is known of a file, in short: "1,600 × 1,200, 312 KiB". */
import type { CopyFacts } from '../../../../shared/explorer/copies';
import { bytes, count } from '../../../lib/format';

export function factsText({ width, height, bytes: size, problem }: CopyFacts): string {
  if (problem !== null) return 'not readable';
  const parts = [
    width === null || height === null ? '' : `${count(width)} × ${count(height)}`,
    size === null ? '' : bytes(size),
  ];
  return parts.filter(Boolean).join(', ');
}
