/** The report of an experiment: one HTML page with the curves over each other, a table, and how to do it again. */
import type { Experiment } from '../shared/experiment';
import type { ComparedCurve } from './experiments';

/** Of a compared curve, each value in [0, 1]. */
interface Figures {
  readonly first: number;
  readonly best: number;
  readonly last: number;
  readonly epochs: number;
}

export interface ReportRow extends Figures {
  /** The id of the stage. */
  readonly stage: string;
  readonly title: string;
}

/** A row a curve: its first, best and last value. */
export const reportRows = (curves: readonly ComparedCurve[]): ReportRow[] =>
  curves.map(({ stage, title, points }) => ({ stage, title, ...figuresOf(points) }));

/** @param points at least one. */
export function figuresOf(points: ComparedCurve['points']): Figures {
  // The value before training is not an epoch's.
  const trained = points.filter(({ epoch }) => epoch > 0);
  const values = (trained.length > 0 ? trained : points).map(({ value }) => value);
  return {
    first: values[0],
    best: Math.max(...values),
    last: values.at(-1)!,
    epochs: points.at(-1)!.epoch,
  };
}

/** @param commandLine that makes the experiment again; null where there is none. */
export function reportHtml(
  experiment: Experiment,
  curves: readonly ComparedCurve[],
  commandLine: string | null,
): string {
  const rows = reportRows(curves)
    .map(
      ({ title, first, best, last, epochs }, i) =>
        `<tr><td><i style="background:var(--s${i})"></i>${escape(title)}</td>` +
        [first, best, last].map((value) => `<td>${percent(value)}</td>`).join('') +
        `<td>${Number(epochs.toFixed(2))}</td></tr>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(experiment.title)}</title>
<style>${STYLE}</style>
<h1>${escape(experiment.title)}</h1>
<p>${escape(experiment.summary)}</p>
<figure>
<figcaption>${escape(experiment.comparison.title)}</figcaption>
${chart(curves)}
</figure>
<table>
<thead><tr><th>Stage</th><th>First epoch</th><th>Best</th><th>Last</th><th>Epochs</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
${experiment.published === null ? '' : `<p>Published: ${escape(experiment.published)}.</p>`}
<p>Runs: ${curves.map(({ run }) => `${escape(run.name)} (${escape(run.id)})`).join(', ')}.</p>
${commandLine === null ? '' : `<pre>${escape(commandLine)}</pre>`}
</html>
`;
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = { left: 48, right: 16, top: 12, bottom: 32 };

/** An SVG of the curves: epochs across, share up. */
function chart(curves: readonly ComparedCurve[]): string {
  const all = curves.flatMap(({ points }) => points);
  const lastEpoch = Math.max(1, ...all.map(({ epoch }) => epoch));
  const [low, high] = range(all.map(({ value }) => value));
  const x = (epoch: number) => MARGIN.left + (epoch / lastEpoch) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const lines = ticks(low, high, 5).map(
    (value) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text x="${MARGIN.left - 6}" y="${y(value) + 4}" text-anchor="end">${Math.round(100 * value)} %</text>`,
  );
  const marks = ticks(0, lastEpoch, 6).map(
    (epoch) =>
      `<text x="${x(epoch)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${Number(epoch.toFixed(1))}</text>`,
  );
  const paths = curves.map(({ points }, i) => {
    const d = points.map(({ epoch, value }) => `${x(epoch).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline points="${d}" style="stroke:var(--s${i})"${i % 2 ? ' stroke-dasharray="6 3"' : ''}/>`;
  });
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Curves; their values are in the table below">`,
    ...lines,
    ...marks,
    `<text x="${(WIDTH + MARGIN.left) / 2}" y="${HEIGHT - 2}" text-anchor="middle">epoch</text>`,
    ...paths,
    '</svg>',
  ].join('\n');
}

/** Round values of about `count` steps that lie in [low, high]. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A little more than the values take, within [0, 1]. */
function range(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const space = Math.max(0.02, 0.08 * (high - low));
  return [Math.max(0, low - space), Math.min(1, high + space)];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1f24; --quiet: #667; --line: #ddd; --s0: #2563eb; --s1: #c2410c; --s2: #0f766e; --s3: #7c3aed; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --quiet: #99a; --line: #333; --s0: #7aa7ff; --s1: #ff9a66; --s2: #5dd3c4; --s3: #b79cff; } }
body { max-width: 680px; margin: 40px auto; padding: 0 16px; color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 22px; }
figure { margin: 24px 0; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; font-size: 12px; fill: var(--quiet); }
.grid { stroke: var(--line); }
polyline { fill: none; stroke-width: 2; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400; }
th:first-child, td:first-child { text-align: left; }
th { color: var(--quiet); }
td i { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 2px; }
pre { overflow-x: auto; padding: 10px; border: 1px solid var(--line); }
`;
