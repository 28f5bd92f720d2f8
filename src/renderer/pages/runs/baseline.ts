/** How a run stands against the pinned baseline. */
import { betterDirection } from '../../../shared/metric-direction';
import { isShare, significant } from '../../lib/format';

export interface Difference {
  /** With its sign: "+2.1", "−0.34". Shares differ in percentage points. */
  text: string;
  verdict: 'better' | 'worse' | 'neither';
}

/**
 * Null where either has no value.
 * @param comparable false where neither is better, as with losses of different methods.
 */
export function differenceTo(
  metric: string,
  value: number | null,
  baseline: number | null,
  comparable: boolean,
): Difference | null {
  if (value === null || baseline === null) return null;
  const difference = value - baseline;
  const size = Math.abs(difference);
  const digits = isShare(metric) ? (size * 100).toFixed(1) : significant(size);
  if (Number(digits) === 0) return { text: '±0', verdict: 'neither' };
  const direction = comparable ? betterDirection(metric) : undefined;
  const improved = direction === 'higher' ? difference > 0 : difference < 0;
  return {
    text: `${difference > 0 ? '+' : '−'}${digits}`,
    verdict: direction === undefined ? 'neither' : improved ? 'better' : 'worse',
  };
}
