/** What is told about a device before it is opened. */
import type { DeviceName } from '../types';

export interface DeviceInfo {
  readonly name: DeviceName;
  /** The processor's or GPU's name where it is known, else what kind of device it is. */
  readonly title: string;
  readonly available: boolean;
  /** Whether `auto` takes it. */
  readonly selected: boolean;
  /** Why it is selected, or available, or not. */
  readonly reason: string;
  /** What to do to have it; null where it is there or cannot be had on this machine. */
  readonly howToGet: string | null;
}
