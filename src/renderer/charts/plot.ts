/**
 * The picture of a chart: uPlot lays out axes, grid, cursor and selection; the curves are drawn from their own arrays,
 * each with its own x, so that nothing is joined or copied. Everything that changes waits for the next frame.
 */
import './locale-guard';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { dots, drawBand, drawLine, labelHeights, roomFor, visiblePart, type Project } from './draw-line';
import {
  extentOf,
  linearRange,
  linearTicks,
  logRange,
  logTicks,
  nearReferences,
  type Extent,
} from './log-range';
import { onThemeChange, readColors, type PlotColors } from './plot-colors';
import type { ReferenceLine, Span, ValueKind } from './series';
import { xTicks, type XAxis } from './x-axis';

/** A curve ready to be drawn; all arrays of one length, `x` rising. */
export interface PlotLine {
  readonly id: string;
  readonly label: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** What `y` was before it was smoothed, drawn faintly; null where it was not. */
  readonly raw: Float64Array | null;
  readonly band: { readonly min: Float64Array; readonly max: Float64Array } | null;
}

export interface PlotContent {
  readonly lines: readonly PlotLine[];
  readonly references: readonly ReferenceLine[];
  /** Values that the y axis reaches in any case. */
  readonly include: readonly number[];
  readonly axis: XAxis;
  readonly kind: ValueKind;
  readonly logY: boolean;
  /** What is in view. */
  readonly view: Span;
}

export interface PlotEvents {
  /** The pointer is over this x, or has left. */
  onHover(x: number | null): void;
  /** A range was dragged. */
  onSelect(range: Span): void;
  /** Double click. */
  onReset(): void;
  /** After each drawing: places on the page have moved. */
  onDrawn(): void;
}

const AXIS_WIDTH = 50;
const LABEL_HEIGHT = 13;
const LABEL_LIMIT = 120;
/** Changes have come to rest, milliseconds. */
const REST = 150;

export class Plot {
  private readonly chart: uPlot;
  private colors: PlotColors;
  private readonly font: string;
  private content: PlotContent | null = null;
  private y: Extent = { min: 0, max: 1 };
  private frame = 0;
  private inView = false;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private size: { width: number; height: number };
  private readonly unwatch: () => void;

  constructor(
    private readonly host: HTMLElement,
    size: { width: number; height: number },
    private readonly events: PlotEvents,
  ) {
    this.size = size;
    this.colors = readColors(host);
    this.font = getComputedStyle(host).fontFamily;
    this.chart = new uPlot(
      this.options(),
      [
        [0, 1],
        [0, 1],
      ],
      host,
    );
    // uPlot's own hook also tells of cursors that were set by code.
    const { over } = this.chart;
    over.addEventListener('mousemove', ({ clientX }) => {
      const left = clientX - over.getBoundingClientRect().left;
      events.onHover(this.chart.posToVal(left, 'x'));
    });
    over.addEventListener('mouseleave', () => events.onHover(null));
    this.unwatch = onThemeChange(() => {
      this.colors = readColors(this.host);
      this.schedule();
    });
    void document.fonts.ready.then(() => this.schedule());
  }

  show(content: PlotContent): void {
    this.content = content;
    this.schedule();
  }

  resize(width: number, height: number): void {
    this.size = { width, height };
    this.schedule();
  }

  /** A picture that nobody sees is drawn once its changes have come to rest. */
  setInView(inView: boolean): void {
    this.inView = inView;
    if (!inView || this.rest === undefined) return;
    clearTimeout(this.rest);
    this.rest = undefined;
    this.schedule();
  }

  /** Puts the crosshair at `x`; null takes it away. */
  point(x: number | null): void {
    const { min, max } = this.chart.scales.x;
    const inside = x !== null && min !== undefined && max !== undefined && x >= min && x <= max;
    const left = inside ? this.chart.valToPos(x, 'x') : -10;
    if (Math.abs((this.chart.cursor.left ?? -10) - left) > 0.5) {
      this.chart.setCursor({ left, top: inside ? 0 : -10 }, false);
    }
  }

  /** CSS px inside the host; null where it is out of the picture. */
  place(x: number, y: number): { left: number; top: number } | null {
    const { over } = this.chart;
    const value = this.content?.logY ? Math.log10(y) : y;
    const [left, top] = [this.chart.valToPos(x, 'x'), this.chart.valToPos(value, 'y')];
    const inside = left >= -1 && left <= over.clientWidth + 1 && top >= -1 && top <= over.clientHeight + 1;
    return inside ? { left: left + over.offsetLeft, top: top + over.offsetTop } : null;
  }

  /** How much of x a distance on screen is. */
  reach(pixels: number): number {
    const { view } = this.content ?? { view: { from: 0, to: 0 } };
    return ((view.to - view.from) * pixels) / Math.max(1, this.chart.over.clientWidth);
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.rest);
    this.unwatch();
    this.chart.destroy();
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    if (this.inView || this.content === null) {
      this.frame = requestAnimationFrame(() => this.render());
      return;
    }
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.rest = undefined;
      this.frame = requestAnimationFrame(() => this.render());
    }, REST);
  }

  private render(): void {
    this.frame = 0;
    const { content, chart } = this;
    if (!content || this.size.width < 80) return;
    this.y = yRange(content);
    const { view, logY } = content;
    if (chart.width !== this.size.width || chart.height !== this.size.height) chart.setSize(this.size);
    chart.batch(() => {
      chart.setScale('x', { min: view.from, max: view.to });
      const { min, max } = this.y;
      chart.setScale('y', logY ? { min: Math.log10(min), max: Math.log10(max) } : { min, max });
      chart.redraw(false, true);
    });
    this.events.onDrawn();
  }

  private options(): uPlot.Options {
    const axis: uPlot.Axis = {
      font: `11px ${this.font}`,
      stroke: () => this.colors.axis,
      grid: { stroke: () => this.colors.grid, width: 1 },
      ticks: { show: false },
    };
    const all = (_chart: uPlot, min: number, max: number): uPlot.Range.MinMax => [min ?? 0, max ?? 1];
    return {
      ...this.size,
      legend: { show: false },
      padding: [8, () => this.labelWidth() || 18, 0, 0],
      series: [{}, { show: false, auto: false }],
      scales: { x: { time: false, range: all }, y: { auto: false, range: all } },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 5,
          splits: (chart, _axis, min, max) => this.xTicks(chart, min, max).at,
          values: (chart, splits) => this.labelsOf(splits, this.xTicks(chart, ...this.xEnds(chart))),
        },
        {
          ...axis,
          size: AXIS_WIDTH,
          gap: 6,
          splits: (chart) => this.yTicks(chart).at.map((value) => this.scaled(value)),
          values: (chart, splits) => {
            const { at, labels } = this.yTicks(chart);
            return this.labelsOf(splits, { at: at.map((value) => this.scaled(value)), labels });
          },
        },
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => () => (this.events.onReset(), null) },
      },
      hooks: {
        draw: [(chart) => this.draw(chart)],
        setSelect: [
          (chart) => {
            const { left, width } = chart.select;
            if (width <= 0) return;
            const range = { from: chart.posToVal(left, 'x'), to: chart.posToVal(left + width, 'x') };
            chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            this.events.onSelect(range);
          },
        ],
      },
    };
  }

  private scaled(value: number): number {
    return this.content?.logY ? Math.log10(value) : value;
  }

  private xEnds(chart: uPlot): [number, number] {
    return [chart.scales.x.min ?? 0, chart.scales.x.max ?? 1];
  }

  private xTicks(chart: uPlot, min: number, max: number) {
    const width = chart.bbox.width / uPlot.pxRatio;
    return xTicks(this.content?.axis ?? 'step', min, max, Math.max(2, Math.floor(width / 72)));
  }

  private yTicks(chart: uPlot) {
    const { logY = false, kind = 'number' } = this.content ?? {};
    const most = Math.max(2, Math.floor(chart.bbox.height / uPlot.pxRatio / 26));
    return (logY ? logTicks : linearTicks)(this.y, most, kind);
  }

  private labelsOf(splits: number[], ticks: { at: number[]; labels: string[] }): string[] {
    return splits.map((split) => ticks.labels[ticks.at.indexOf(split)] ?? '');
  }

  private labelled(): boolean {
    return (this.content?.lines.length ?? 0) > 1 && this.size.width >= 420;
  }

  /** CSS px that the labels at the end of lines take, 0 where there are none. */
  private labelWidth(): number {
    if (!this.labelled() || !this.chart) return 0;
    const { ctx } = this.chart;
    ctx.save();
    ctx.font = `500 11px ${this.font}`;
    const widths = this.content!.lines.map(({ label }) => ctx.measureText(label).width);
    ctx.restore();
    return Math.min(LABEL_LIMIT, Math.max(...widths)) + 12;
  }

  private draw({ ctx, bbox }: uPlot): void {
    const { content, colors } = this;
    if (!content) return;
    const ratio = uPlot.pxRatio;
    const { toX, toY } = this.projections(bbox);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top - ratio, bbox.width + ratio, bbox.height + 2 * ratio);
    ctx.clip();
    ctx.lineJoin = 'round';
    const drawLabelsOfReferences = this.drawReferences(ctx, bbox, toY);
    for (const line of content.lines) {
      const color = colors.resolve(line.color);
      const part = { x: line.x, ...visiblePart(line.x, content.view.from, content.view.to) };
      ctx.strokeStyle = ctx.fillStyle = color;
      if (line.band) {
        const path = new Path2D();
        drawBand(path, part, line.band.min, line.band.max, toX, toY);
        ctx.globalAlpha = 0.12;
        ctx.fill(path);
      }
      if (line.raw) {
        ctx.globalAlpha = 0.25;
        this.stroke(ctx, (path) => drawLine(path, part, line.raw!, toX, toY), ratio, []);
      }
      ctx.globalAlpha = 1;
      this.stroke(ctx, (path) => drawLine(path, part, line.y, toX, toY), 1.5 * ratio, line.dash);
      for (const index of dots(part, line.y, toX, 14 * ratio)) {
        ctx.beginPath();
        ctx.arc(toX(line.x[index]), toY(line.y[index]), 2.25 * ratio, 0, 2 * Math.PI);
        ctx.fill();
      }
    }
    drawLabelsOfReferences();
    ctx.restore();
    if (this.labelled()) this.drawLabels(ctx, bbox, toX, toY);
  }

  private stroke(
    ctx: CanvasRenderingContext2D,
    draw: (path: Path2D) => void,
    width: number,
    dash: readonly number[],
  ): void {
    const path = new Path2D();
    draw(path);
    ctx.lineWidth = width;
    ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
    ctx.stroke(path);
    ctx.setLineDash([]);
  }

  private projections(bbox: uPlot.BBox): { toX: Project; toY: Project } {
    const { view, logY } = this.content!;
    const xScale = bbox.width / (view.to - view.from);
    const [low, high] = [this.scaled(this.y.min), this.scaled(this.y.max)];
    const yScale = bbox.height / (high - low);
    const bottom = bbox.top + bbox.height;
    return {
      toX: (value) => bbox.left + (value - view.from) * xScale,
      toY: logY
        ? (value) => (value > 0 ? bottom - (Math.log10(value) - low) * yScale : NaN)
        : (value) => bottom - (value - low) * yScale,
    };
  }

  /** The lines lie under the curves, their labels above. @returns what draws the labels. */
  private drawReferences(ctx: CanvasRenderingContext2D, bbox: uPlot.BBox, toY: Project): () => void {
    const ratio = uPlot.pxRatio;
    const right = bbox.left + bbox.width;
    const lines = this.content!.references.map(({ label, value }) => ({ label, y: toY(value) }))
      .filter(({ y }) => y >= bbox.top && y <= bbox.top + bbox.height)
      .sort((a, b) => a.y - b.y);
    ctx.strokeStyle = this.colors.axis;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    for (const { y } of lines) {
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    return () => {
      const heights = labelHeights(
        lines.map(({ y }) => y),
        LABEL_HEIGHT * ratio,
        bbox,
      );
      ctx.font = `${10.5 * ratio}px ${this.font}`;
      ctx.textAlign = 'right';
      ctx.textBaseline = 'middle';
      ctx.lineWidth = 3 * ratio;
      ctx.strokeStyle = this.colors.page;
      ctx.fillStyle = this.colors.axis;
      lines.forEach(({ label }, index) => {
        const y = heights[index];
        if (y === null) return;
        ctx.strokeText(label, right - 4 * ratio, y);
        ctx.fillText(label, right - 4 * ratio, y);
      });
    };
  }

  /** Names at the end of lines, those that end highest first; where two would touch, the hover has to tell. */
  private drawLabels(ctx: CanvasRenderingContext2D, bbox: uPlot.BBox, toX: Project, toY: Project): void {
    const ratio = uPlot.pxRatio;
    const { lines, view } = this.content!;
    const ends = lines
      .map((line) => {
        const { from, to } = visiblePart(line.x, view.from, view.to);
        let last = to - 1;
        while (last >= from && (line.x[last] > view.to || !Number.isFinite(toY(line.y[last])))) last--;
        return last < from ? null : { line, x: toX(line.x[last]), y: toY(line.y[last]) };
      })
      .filter((end) => end !== null)
      .filter(({ y }) => y >= bbox.top && y <= bbox.top + bbox.height)
      .sort((a, b) => a.y - b.y);
    const shown = roomFor(
      ends.map(({ y }) => y),
      LABEL_HEIGHT * ratio,
    );
    ctx.save();
    ctx.font = `500 ${11 * ratio}px ${this.font}`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ends.forEach(({ line, y }, index) => {
      if (!shown[index]) return;
      ctx.fillStyle = this.colors.resolve(line.color);
      ctx.fillText(clipped(ctx, line.label, LABEL_LIMIT * ratio), bbox.left + bbox.width + 6 * ratio, y);
    });
    ctx.restore();
  }
}

function clipped(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let end = text.length - 1;
  while (end > 1 && ctx.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}

/** What of the lines is in view, with the references near it. */
function yRange({ lines, references, include, view, logY }: PlotContent): Extent {
  const extents = lines.flatMap(({ x, y, raw, band }) => {
    const { from, to } = inView(x, view);
    return [y, raw, band?.min, band?.max]
      .filter((values) => values !== null && values !== undefined)
      .map((values) => extentOf(values, from, to, logY));
  });
  const known = extents.filter((extent) => extent !== null);
  if (known.length === 0) return logY ? logRange(null) : linearRange(null);
  let min = Math.min(...known.map((extent) => extent.min), ...atLeast(include, logY));
  let max = Math.max(...known.map((extent) => extent.max), ...atLeast(include, logY));
  const near = nearReferences(
    references.map(({ value }) => value),
    { min, max },
    logY,
  );
  const labelled = near.some((value) => value >= max);
  min = Math.min(min, ...near);
  max = Math.max(max, ...near);
  const range = logY ? logRange({ min, max }) : linearRange({ min, max });
  if (!labelled) return range;
  // Room for the words above the highest reference.
  return logY
    ? { min: range.min, max: range.max * (range.max / range.min) ** 0.06 }
    : { min: range.min, max: range.max + (range.max - range.min) * 0.06 };
}

const atLeast = (values: readonly number[], positiveOnly: boolean): number[] =>
  values.filter((value) => !positiveOnly || value > 0);

/** Points inside the view, or those on either side of it where it falls between two. */
function inView(x: Float64Array, { from, to }: Span): { from: number; to: number } {
  const part = visiblePart(x, from, to);
  const inner = {
    from: part.from < part.to && x[part.from] < from ? part.from + 1 : part.from,
    to: part.to > part.from && x[part.to - 1] > to ? part.to - 1 : part.to,
  };
  return inner.from < inner.to ? inner : part;
}
