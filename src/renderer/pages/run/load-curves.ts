/** Samples of the machine's load as curves. */
import type { Curve } from '../../../shared/api/files';
import type { Load } from '../../../shared/api/host';

const GIB = 1024 ** 3;

export interface LoadCurves {
  /** Shares in [0, 1] of all cores. */
  readonly cpu: Curve;
  readonly childCpu: Curve;
  /** GiB. */
  readonly memory: Curve;
  readonly childMemory: Curve;
}

/** @param run whose process is meant; other times are gaps in its curves. */
export function loadCurves(loads: readonly Load[], run: string): LoadCurves {
  const time = Float64Array.from(loads, (load) => load.time);
  const step = Float64Array.from(loads, (_, index) => index);
  const curve = (value: (load: Load) => number): Curve => {
    const values = Float64Array.from(loads, value);
    return { step, epoch: step, time, min: values, max: values, mean: values, last: values };
  };
  const child = (load: Load) => (load.child?.run === run ? load.child : null);
  return {
    cpu: curve(({ cpu }) => cpu),
    childCpu: curve((load) => child(load)?.cpu ?? NaN),
    memory: curve(({ memoryUsed }) => memoryUsed / GIB),
    childMemory: curve((load) => (child(load)?.rssBytes ?? NaN) / GIB),
  };
}
