/** Which device `auto` takes: the one with the fastest matrix product, measured, among the compiled ones. */
import type { DeviceName } from '../types';
import type { Found, Survey } from './survey';

export interface Choice {
  readonly name: DeviceName;
  /** The found GPU device, or null for the CPU. */
  readonly found: Found | null;
  readonly reason: string;
}

export function chooseDevice({ cpu, gpus }: Survey): Choice {
  const here = gpus.filter((found) => 'gflops' in found);
  const best = here
    .filter(({ software }) => !software)
    .reduce<(typeof here)[number] | null>((a, b) => (a && a.gflops >= b.gflops ? a : b), null);
  const cpuSpeed = cpu.probe.ok ? cpu.probe.gflops : 0;
  if (best && best.gflops > cpuSpeed) {
    const others = [
      ...here
        .filter((found) => found !== best && !found.software)
        .map(({ device, gflops }) => told(device.name, gflops)),
      told('cpu', cpuSpeed),
    ];
    return {
      name: best.device.name,
      found: best,
      reason: `the fastest here: ${told(best.device.name, best.gflops)}, ${others.join(', ')}`,
    };
  }
  if (best)
    return {
      name: 'cpu',
      found: null,
      reason: `the fastest here: ${told('cpu', cpuSpeed)}, ${told(best.device.name, best.gflops)}`,
    };
  return { name: 'cpu', found: null, reason: `the fastest here: ${whyNoGpu(gpus)}` };
}

const told = (name: string, gflops: number): string =>
  `${name} ${Math.round(gflops).toLocaleString('en')} GFLOP/s`;

function whyNoGpu(gpus: readonly Found[]): string {
  if (gpus.some((found) => 'gflops' in found)) return 'the only GPU is one in software';
  const webgpu = gpus.find(({ device }) => device.name === 'webgpu');
  return webgpu && 'obstacle' in webgpu ? `${webgpu.obstacle.reason}` : 'there is no GPU';
}
