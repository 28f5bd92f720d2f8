/** Opens the device that is asked for, or the fastest. */
import { nearest, UserError } from '../../shared/errors';
import { cpuTarget, portable } from '../lower/targets';
import type { Device, DeviceName, DeviceOptions } from '../types';
import { chooseDevice } from './choose';
import { compiledDevice } from './compiled-device';
import { graphicsNames, hasGraphicsHardware } from './graphics';
import { gpuDevices, type GpuDevice } from './providers';
import { openReference } from './reference';
import { cpuTitle, look, surveyDevices } from './survey';
import { openTensorflow } from './tensorflow';

/**
 * @returns the device, and why it is this one.
 * @throws UserError where a device that is asked for by name is not available, with how to get it.
 */
export async function openDevice(
  wanted: DeviceName | 'auto',
  options: DeviceOptions,
): Promise<{ device: Device; reason: string }> {
  if (wanted === 'auto') return openFastest(options);
  const reason = 'asked for';
  if (wanted === 'cpu') return { device: await openCpu(options), reason };
  if (wanted === 'reference') return { device: openReference(), reason };
  if (wanted === 'tensorflow') return { device: openTensorflow(), reason };
  const gpu = gpuDevices().find(({ name }) => name === wanted);
  if (!gpu) throw unknown(wanted);
  return { device: await openGpu(gpu, options), reason };
}

async function openFastest(options: DeviceOptions): Promise<{ device: Device; reason: string }> {
  // What cannot be faster than the CPU need not be tried: it takes a second.
  if (!hasGraphicsHardware())
    return { device: await openCpu(options), reason: 'the fastest here: there is no GPU on this machine' };
  const { found, reason } = chooseDevice(await surveyDevices());
  if (!found) return { device: await openCpu(options), reason };
  return {
    device: compiledDevice(found.device.name, found.title, portable, found.device.provider, options),
    reason,
  };
}

async function openCpu(options: DeviceOptions): Promise<Device> {
  return compiledDevice('cpu', cpuTitle(options.threads), await cpuTarget(), 'cpu', options);
}

async function openGpu(gpu: GpuDevice, options: DeviceOptions): Promise<Device> {
  const found = await look(gpu, await graphicsNames());
  if ('gflops' in found) return compiledDevice(gpu.name, found.title, portable, gpu.provider, options);
  const { reason, howToGet } = found.obstacle;
  throw new UserError(
    `The device "${gpu.name}" is not available: ${reason}`,
    `${howToGet ?? 'Use --device auto.'} "selvedge devices" lists what there is.`,
  );
}

function unknown(wanted: string): UserError {
  const names = ['auto', 'cpu', 'tensorflow', ...gpuDevices().map(({ name }) => name)];
  const guess = nearest(wanted, names);
  return new UserError(
    `There is no device "${wanted}"`,
    `${guess ? `Did you mean "${guess}"? ` : ''}Devices: ${names.join(', ')}.`,
    'usage',
  );
}
