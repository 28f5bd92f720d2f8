/** What steps can run on here, why something is not available, and which one `auto` takes. */
import { cpus } from 'node:os';
import { nearest, UserError } from '../shared/errors';
import { prepareCompiled } from './compiled';
import { prepareEager } from './eager';
import { cpuTarget } from './lower/targets';
import type { Device, DeviceName, DeviceOptions } from './types';

export interface DeviceInfo {
  readonly name: DeviceName;
  readonly title: string;
  readonly available: boolean;
  /** Whether `auto` takes it. */
  readonly selected: boolean;
  /** Why it is available or not. */
  readonly reason: string;
  /** What to do to have it; null where it is there or cannot be had. */
  readonly howToGet: string | null;
}

/** @throws UserError where a device that is asked for by name is not available. */
export async function openDevice(
  wanted: DeviceName | 'auto',
  options: DeviceOptions,
): Promise<{ device: Device; reason: string }> {
  if (wanted === 'auto' || wanted === 'cpu')
    return { device: await cpu(options), reason: 'always available' };
  if (wanted === 'reference') return { device: reference(), reason: 'asked for' };
  throw new UserError(
    `Device "${wanted}" is not available`,
    `Use --device ${nearest(wanted, ['cpu']) ?? 'cpu'}.`,
  );
}

async function cpu(options: DeviceOptions): Promise<Device> {
  const target = await cpuTarget();
  return {
    name: 'cpu',
    description: `${cpus()[0]?.model ?? 'CPU'}, ${options.threads || cpus().length} threads`,
    prepare: (definition, state) => prepareCompiled(target, definition, state, options),
    dispose: async () => {},
  };
}

function reference(): Device {
  return {
    name: 'reference',
    description: 'eager TensorFlow.js in plain JavaScript',
    prepare: (definition, state) => prepareEager('cpu', definition, state),
    dispose: async () => {},
  };
}

export async function listDevices(): Promise<DeviceInfo[]> {
  const title = cpus()[0]?.model ?? 'CPU';
  return [
    { name: 'cpu', title, available: true, selected: true, reason: 'always available', howToGet: null },
  ];
}
