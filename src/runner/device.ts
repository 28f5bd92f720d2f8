/** Opens the device of a job and says which it is and why. */
import type { Device } from '../engine';
import { openDevice } from '../engine';
import type { RunConfig } from '../shared/run-config';
import type { JobContext } from './job';

/** @throws UserError where a device that is asked for by name is not available. */
export async function openJobDevice(
  { device: wanted, threads, lowMemory }: Pick<RunConfig, 'device' | 'threads' | 'lowMemory'>,
  { channel }: JobContext,
): Promise<Device> {
  const { device, reason } = await openDevice(wanted, { threads, lowMemory });
  channel.event('device', `${device.description}: ${reason}`, { name: device.name, wanted, reason });
  return device;
}
