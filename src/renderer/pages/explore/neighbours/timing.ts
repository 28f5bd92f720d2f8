/** How long an answer took and of what, in a line: "decode 3 + encoder 41 + search 2 ms, exact over 50,000". */
import type { QueryAnswer } from '../../../../shared/explorer/search';
import { count } from '../../../lib/format';

export function timingText({ milliseconds, method, searched }: QueryAnswer): string {
  const parts = [
    ['decode', milliseconds.decode],
    ['encoder', milliseconds.embed],
    ['search', milliseconds.search],
  ] as const;
  // A row of the set is neither decoded nor embedded.
  const spent = parts.filter(([name, time]) => time > 0 || name === 'search');
  const times = spent.map(([name, time]) => `${name} ${round(time)}`).join(' + ');
  return `${times} ms, ${method} over ${count(searched)}`;
}

const round = (time: number): string => (time < 10 ? String(Number(time.toFixed(1))) : time.toFixed(0));
