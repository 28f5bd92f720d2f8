/** How the charts of runs are looked at: kept in this browser, the same for all runs. */
import { X_AXES, type XAxis } from '../../charts/x-axis';
import { parseLayout, type ChartLayout } from './chart-layout';

const LAYOUT = 'selvedge.run.charts';
const VIEW = 'selvedge.run.view';

interface Kept {
  readonly axis: XAxis;
  readonly logY: boolean;
  readonly smoothing: number;
}

/** Anything else than what was kept here is the usual. */
function parseView(text: string | null): Kept {
  const usual: Kept = { axis: 'step', logY: false, smoothing: 0 };
  try {
    const { axis, logY, smoothing } = JSON.parse(text ?? '') as Record<string, unknown>;
    return {
      axis: X_AXES.find((known) => known === axis) ?? usual.axis,
      logY: logY === true,
      smoothing: typeof smoothing === 'number' ? Math.min(0.99, Math.max(0, smoothing)) : usual.smoothing,
    };
  } catch {
    return usual;
  }
}

class ViewSettings {
  #view: Kept = $state.raw(parseView(localStorage.getItem(VIEW)));
  #layout: ChartLayout = $state.raw(parseLayout(localStorage.getItem(LAYOUT)));

  get axis(): XAxis {
    return this.#view.axis;
  }
  get logY(): boolean {
    return this.#view.logY;
  }
  /** Weight of what came before, in [0, 0.99]. */
  get smoothing(): number {
    return this.#view.smoothing;
  }
  get layout(): ChartLayout {
    return this.#layout;
  }

  change(patch: Partial<Kept>): void {
    this.#view = parseView(JSON.stringify({ ...this.#view, ...patch }));
    localStorage.setItem(VIEW, JSON.stringify(this.#view));
  }

  arrange(layout: ChartLayout): void {
    this.#layout = layout;
    localStorage.setItem(LAYOUT, JSON.stringify(layout));
  }
}

export const viewSettings = new ViewSettings();
