/** All devices, with what is there and how to get what is not. */
import { chooseDevice } from './choose';
import type { DeviceInfo } from './info';
import { surveyDevices, type Found, type Survey } from './survey';
import { describeTensorflow } from './tensorflow';

export async function listDevices(): Promise<DeviceInfo[]> {
  const survey = await surveyDevices();
  return [...compiledDevices(survey), await describeTensorflow()];
}

export function compiledDevices(survey: Survey): DeviceInfo[] {
  const choice = chooseDevice(survey);
  const { title, probe } = survey.cpu;
  const selected = choice.name === 'cpu';
  const cpu: DeviceInfo = {
    name: 'cpu',
    title,
    available: probe.ok,
    selected,
    reason: !probe.ok ? probe.error : selected ? choice.reason : speed(probe.gflops),
    howToGet: probe.ok ? null : 'Reinstall: npm ci',
  };
  const gpus = survey.gpus.map((found): DeviceInfo => {
    const own = choice.found === found;
    const common = { name: found.device.name, title: found.title, selected: own };
    return 'gflops' in found
      ? { ...common, available: true, reason: own ? choice.reason : why(found), howToGet: null }
      : {
          ...common,
          available: false,
          reason: found.obstacle.reason!,
          howToGet: found.obstacle.howToGet ?? null,
        };
  });
  return [cpu, ...gpus];
}

const speed = (gflops: number): string => `available, ${Math.round(gflops).toLocaleString('en')} GFLOP/s`;

const why = (found: Extract<Found, { gflops: number }>): string =>
  found.software
    ? `available, but it computes on the processor: for tests (${speed(found.gflops).replace('available, ', '')})`
    : speed(found.gflops);
