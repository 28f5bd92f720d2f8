/** What compiled devices there are on this machine, measured once a process. */
import { cpus } from 'node:os';
import { graphicsNames, hasGraphicsHardware } from './graphics';
import { probeProvider, type Probe } from './probe';
import { gpuDevices, type GpuDevice, type Obstacle } from './providers';
import { threadCount } from './threads';

export type Found =
  | {
      readonly device: GpuDevice;
      readonly title: string;
      readonly gflops: number;
      /** Computes on the processor: for tests, and never chosen by `auto`. */
      readonly software: boolean;
    }
  | { readonly device: GpuDevice; readonly title: string; readonly obstacle: Partial<Obstacle> };

export interface Survey {
  readonly cpu: { readonly title: string; readonly probe: Probe };
  readonly gpus: readonly Found[];
}

let survey: Promise<Survey> | undefined;

/** One after the other: a provider that is tried beside another looks slow. */
export function surveyDevices(): Promise<Survey> {
  return (survey ??= (async () => {
    const names = await graphicsNames();
    const cpu = { title: cpuTitle(), probe: await probeProvider('cpu') };
    const gpus: Found[] = [];
    for (const device of gpuDevices()) gpus.push(await look(device, names));
    return { cpu, gpus };
  })());
}

export async function look(device: GpuDevice, names: readonly string[]): Promise<Found> {
  const { title, impossible } = device;
  if (impossible !== null) return { device, title, obstacle: { reason: impossible } };
  const known = device.obstacle();
  if (known) return { device, title, obstacle: known };
  const probe = await probeProvider(device.provider);
  if (!probe.ok) return { device, title, obstacle: device.explain(probe.error) };
  const software = !hasGraphicsHardware();
  return {
    device,
    title: software ? `${title}, in software` : named(title, names),
    gflops: probe.gflops,
    software,
  };
}

/** With several GPUs it is not told which one the provider takes. */
const named = (title: string, names: readonly string[]): string =>
  names.length === 0 ? title : `${names.join(' or ')}, ${title.replace(/^.* through/, 'through')}`;

export const cpuTitle = (threads = 0): string =>
  `${cpus()[0]?.model.trim() ?? 'CPU'}, ${threadCount(threads)} threads`;
