/**
 * What is measured inside a page. It runs in the browser, put there before the page's own code, so `installProbe`
 * must not use anything from outside of itself. Times are taken with requestAnimationFrame: a state that is there when
 * a frame begins is painted by that frame, and counts at the beginning of the next one.
 */

/** `rows`: the runs table without a blank place; `start`: that, or what is shown instead of it; `charts`: all in sight. */
export type Painted = 'rows' | 'start' | 'charts';

export interface Probe {
  /** Milliseconds since the Unix epoch at which the first page could be used. */
  readonly usable: Promise<number>;
  /** Clicks what `selector` finds. @returns milliseconds until the result is painted. */
  click(selector: string, result: Painted): Promise<number>;
  /** Watches the runs table frame by frame. */
  watchRows(milliseconds: number): Promise<RowsWatch>;
  /** Zooms and pans the first chart by its keys, one in each frame. @returns frames a second. */
  pan(milliseconds: number): Promise<number>;
  /** Whether each chart in sight has a curve in it: a check of what `charts` takes for painted. */
  chartsHaveInk(): boolean;
}

export interface RowsWatch {
  readonly frames: number;
  readonly blankFrames: number;
  readonly seconds: number;
  /** Rows that were scrolled past. */
  readonly rows: number;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

export function installProbe(): void {
  const LIMIT = 30_000;
  const nextFrame = () => new Promise<number>((go) => requestAnimationFrame(go));

  const inSight = (element: Element): boolean => {
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };

  /** No place in the table where a row should be is empty, and no row is without text. */
  const rowsPainted = (): boolean => {
    const grid = document.querySelector('[role=grid][aria-label=Runs]');
    const head = grid?.querySelector('[aria-rowindex="1"]');
    if (!grid || !head) return false;
    const rows = [...grid.querySelectorAll('[data-run]')];
    if (rows.length === 0) return false;
    const bottom = grid.getBoundingClientRect().top + grid.clientHeight;
    let reached = head.getBoundingClientRect().bottom;
    for (const row of rows) {
      const box = row.getBoundingClientRect();
      // A pixel of rounding is no gap.
      if (box.top > reached + 1 || !row.querySelector('a')?.textContent.trim()) return false;
      reached = box.bottom;
    }
    const isLast = rows.at(-1)?.getAttribute('aria-rowindex') === grid.getAttribute('aria-rowcount');
    return reached >= bottom - 1 || isLast;
  };

  const chartsPainted = (): boolean => {
    const charts = [...document.querySelectorAll('main figure.chart')].filter(inSight);
    return (
      charts.length > 0 &&
      charts.every(
        (chart) => chart.querySelector('canvas') && chart.querySelector('.current')?.textContent.trim(),
      )
    );
  };

  const painted: Record<Painted, () => boolean> = {
    rows: rowsPainted,
    charts: chartsPainted,
    start: () => rowsPainted() || document.querySelector('main a[href="#/new?preset=quick"]') !== null,
  };

  const until = async (result: Painted): Promise<number> => {
    const begun = performance.now();
    do {
      await nextFrame();
      if (performance.now() - begun > LIMIT) throw new Error(`${result} were not painted within ${LIMIT} ms`);
    } while (!painted[result]());
    await nextFrame();
    return performance.now();
  };

  const usable = until('start').then((at) => performance.timeOrigin + at);
  // Whoever does not wait for it does not mind.
  usable.catch(() => undefined);

  window.probe = {
    usable,

    async click(selector, result) {
      const element = document.querySelector<HTMLElement>(selector);
      if (!element) throw new Error(`There is no ${selector}`);
      const begun = performance.now();
      element.click();
      return (await until(result)) - begun;
    },

    async watchRows(milliseconds) {
      const grid = document.querySelector('[role=grid][aria-label=Runs]')!;
      const begun = await nextFrame();
      let [frames, blankFrames, now, rows] = [0, 0, begun, 0];
      let before = grid.scrollTop;
      while (now - begun < milliseconds) {
        now = await nextFrame();
        frames++;
        if (!rowsPainted()) blankFrames++;
        rows += Math.abs(grid.scrollTop - before) / 32;
        before = grid.scrollTop;
      }
      return { frames, blankFrames, seconds: (now - begun) / 1000, rows: Math.round(rows) };
    },

    async pan(milliseconds) {
      const chart = document.querySelector<HTMLElement>('main figure.chart [role=application]')!;
      const keys = [
        '+',
        '+',
        '+',
        ...Array<string>(12).fill('ArrowRight'),
        '-',
        '+',
        ...Array<string>(12).fill('ArrowLeft'),
        '0',
      ];
      const begun = await nextFrame();
      let [frames, now] = [0, begun];
      while (now - begun < milliseconds) {
        chart.dispatchEvent(
          new KeyboardEvent('keydown', { key: keys[frames % keys.length], bubbles: true, cancelable: true }),
        );
        now = await nextFrame();
        frames++;
      }
      chart.dispatchEvent(new KeyboardEvent('keydown', { key: '0', bubbles: true, cancelable: true }));
      return frames / ((now - begun) / 1000);
    },

    chartsHaveInk() {
      const charts = [...document.querySelectorAll('main figure.chart')].filter(inSight);
      return charts.every((chart) => {
        const canvas = chart.querySelector('canvas');
        const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        // Axes and grid are grey: a curve is what has a colour.
        return pixels?.some(
          (_, at) => at % 4 === 0 && pixels[at + 3] > 0 && Math.abs(pixels[at] - pixels[at + 2]) > 60,
        );
      });
    },
  };
}
