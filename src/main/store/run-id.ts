/** Run ids: short enough to type, readable in a folder listing, sortable by time within a method. */
import { randomBytes } from 'node:crypto';

/**
 * @example runId('simclr', new Date()) // "simclr-20261122-153012-a3f", the time in UTC
 */
export function runId(
  method: string,
  time: Date,
  suffix = randomBytes(2).toString('hex').slice(0, 3),
): string {
  const stem =
    method
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'run';
  const [date, clock] = time.toISOString().slice(0, 19).replace(/[-:]/g, '').split('T');
  return `${stem}-${date}-${clock}-${suffix}`;
}
