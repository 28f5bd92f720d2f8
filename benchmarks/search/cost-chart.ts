/** What a query costs by the number of vectors, as an SVG for the documentation: both axes logarithmic. */

export interface Cost {
  readonly count: number;
  /** Milliseconds. */
  readonly value: number;
}

export interface CostLine {
  readonly label: string;
  readonly color: string;
  readonly dash?: string;
  readonly costs: readonly Cost[];
}

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 62;
const RIGHT = 150;
const TOP = 16;
const BOTTOM = 44;
/** Of labels at the ends of lines, px. */
const LABEL_HEIGHT = 14;

/** @param aim milliseconds, drawn as a line of its own. */
export function costChart(lines: readonly CostLine[], aim: number): string {
  const costs = lines.flatMap((line) => line.costs);
  const x = scale(
    costs.map(({ count }) => count),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = scale([...costs.map(({ value }) => value), aim], HEIGHT - BOTTOM, TOP);
  const right = WIDTH - RIGHT;
  const parts = [
    ...x.ticks.map(
      (count) =>
        `<line class="grid" x1="${x.at(count)}" x2="${x.at(count)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>` +
        `<text x="${x.at(count)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${count.toLocaleString('en-US')}</text>`,
    ),
    ...y.ticks.map(
      (value) =>
        `<line class="grid" x1="${LEFT}" x2="${right}" y1="${y.at(value)}" y2="${y.at(value)}"/>` +
        `<text x="${LEFT - 6}" y="${y.at(value) + 4}" text-anchor="end">${value} ms</text>`,
    ),
    `<text x="${(LEFT + right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">vectors of 256 numbers</text>`,
    `<line class="aim" x1="${LEFT}" x2="${right}" y1="${y.at(aim)}" y2="${y.at(aim)}"/>`,
    ...lines.map(({ color, dash, costs: own }) => {
      const points = own.map(({ count, value }) => `${x.at(count)},${y.at(value)}`);
      const dots = own.map(
        ({ count, value }) => `<circle cx="${x.at(count)}" cy="${y.at(value)}" r="3" fill="${color}"/>`,
      );
      return `<polyline points="${points.join(' ')}" stroke="${color}" stroke-dasharray="${dash ?? 'none'}"/>${dots.join('')}`;
    }),
    ...labels(lines, aim, y.at).map(
      ({ text, color, at }) => `<text x="${right + 8}" y="${at + 4}" style="fill:${color}">${text}</text>`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<style>svg{background:#fff}text{fill:#555}polyline{fill:none;stroke-width:2}.grid{stroke:#ddd}.aim{stroke:#999;stroke-dasharray:2 4}</style>
${parts.join('\n')}
</svg>
`;
}

/** Names at the ends of lines, from the top down and none over another. */
function labels(lines: readonly CostLine[], aim: number, at: (value: number) => number) {
  const wanted = [
    { text: 'aim', color: '#777', at: at(aim) },
    ...lines.map(({ label, color, costs }) => ({
      text: label,
      color,
      at: at(costs.toSorted((a, b) => b.count - a.count)[0].value),
    })),
  ].toSorted((a, b) => a.at - b.at);
  let taken = -Infinity;
  return wanted.map((label) => {
    taken = Math.max(label.at, taken + LABEL_HEIGHT);
    return { ...label, at: taken };
  });
}

/** Logarithmic, from one power of ten to another. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const round = (place: number) => Math.round(place * 10) / 10;
  return {
    at: (value: number) => round(from + ((Math.log10(value) - low) / (high - low)) * (to - from)),
    ticks: Array.from({ length: high - low + 1 }, (_, i) => Number(`1e${low + i}`)),
  };
}
