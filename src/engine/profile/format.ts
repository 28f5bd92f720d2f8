/** A profile as text: where the time goes, by op and by layer. */
import type { StepProfile } from '../types';
import type { NodeTime } from './events';

/** Rows of a table before the rest is summed up. */
const ROWS = 15;

export function formatProfile(profile: StepProfile): string {
  const { step, device, steps, stepMilliseconds, compile, nodeCount, bytesCopied, nodes } = profile;
  const inNodes = nodes.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const elsewhere = nodes.filter(({ place }) => place === 'cpu' && device !== 'cpu');
  const lines = [
    `${step} on ${device}: ${ms(stepMilliseconds)} a step over ${steps} steps, ${ms(inNodes)} of it in nodes`,
    `compiled in ${ms(compile.trace + compile.lower + compile.session)} ` +
      `(trace ${ms(compile.trace)}, lower ${ms(compile.lower)}, session ${ms(compile.session)}), ${nodeCount} nodes`,
    device === 'cpu'
      ? 'nothing is copied to or from a device'
      : `copied between host and device: ${bytes(bytesCopied)} a step`,
  ];
  if (elsewhere.length > 0)
    lines.push(
      `on the CPU for want of a kernel: ${[...new Set(elsewhere.map(({ kernel }) => kernel))].join(', ')}`,
    );
  return [
    ...lines,
    '',
    ...table('op of the step', nodes, inNodes, ({ op }) => op),
    '',
    ...table('kernel', nodes, inNodes, ({ kernel }) => kernel),
    '',
    ...table('layer', nodes, inNodes, ({ layer }) => layer || '(outside of layers)'),
  ].join('\n');
}

function table(
  title: string,
  nodes: readonly NodeTime[],
  total: number,
  keyOf: (node: NodeTime) => string,
): string[] {
  const groups = new Map<string, { time: number; count: number }>();
  for (const node of nodes) {
    const group = groups.get(keyOf(node)) ?? { time: 0, count: 0 };
    groups.set(keyOf(node), { time: group.time + node.milliseconds, count: group.count + 1 });
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.time - a.time);
  const rest = sorted.slice(ROWS);
  const rows = sorted.slice(0, ROWS);
  if (rest.length > 0)
    rows.push([
      `${rest.length} more`,
      {
        time: rest.reduce((sum, [, { time }]) => sum + time, 0),
        count: rest.reduce((sum, [, { count }]) => sum + count, 0),
      },
    ]);
  const width = Math.max(title.length, ...rows.map(([name]) => name.length));
  const line = (name: string, time: string, share: string, count: string) =>
    `${name.padEnd(width)}  ${time.padStart(9)}  ${share.padStart(6)}  ${count.padStart(6)}`;
  return [
    line(title, 'ms', 'share', 'nodes'),
    ...rows.map(([name, { time, count }]) =>
      line(name, time.toFixed(2), `${((100 * time) / (total || 1)).toFixed(1)} %`, String(count)),
    ),
  ];
}

const ms = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;

function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 2 ** 20 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 2 ** 20).toFixed(1)} MiB`;
}
