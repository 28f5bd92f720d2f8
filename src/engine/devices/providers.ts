/** The GPU devices: which provider stands behind each, where it exists, and how to get it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from '../onnxruntime';
import type { Provider } from '../session/provider';
import type { DeviceName } from '../types';

export interface GpuDevice {
  readonly name: DeviceName;
  readonly provider: Provider;
  /** What the user calls it. */
  readonly title: string;
  /** Why it cannot be had on this platform, or null. */
  readonly impossible: string | null;
  /** What stands in the way and what to do, told without trying the provider; null where it must be tried. */
  readonly obstacle: () => Obstacle | null;
  /** The same, given what the provider said when it was tried. */
  readonly explain: (error: string) => Obstacle;
}

export interface Obstacle {
  readonly reason: string;
  readonly howToGet: string;
}

const VULKAN =
  "Install the GPU's driver and the Vulkan loader. Debian and Ubuntu: apt install libvulkan1, with " +
  "mesa-vulkan-drivers for AMD and Intel GPUs, or NVIDIA's own driver. Without a GPU, train on the CPU.";
const FETCH_CUDA =
  'Fetch it from NuGet (about 400 MB): ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node';

export function gpuDevices(): GpuDevice[] {
  const system = platform();
  return [
    {
      name: 'webgpu',
      provider: 'webgpu',
      title: 'GPU through WebGPU',
      impossible: unsupported('webgpu'),
      obstacle: () => null,
      explain: (error) => ({
        reason: /adapter/i.test(error) ? 'no GPU with a working driver was found' : brief(error),
        howToGet: system === 'linux' ? VULKAN : "Update the GPU's driver.",
      }),
    },
    {
      name: 'cuda',
      provider: 'cuda',
      title: 'NVIDIA GPU through CUDA',
      impossible: system === 'linux' ? unsupported('cuda') : 'onnxruntime-node has CUDA on Linux only',
      obstacle: () =>
        hasCudaProvider()
          ? null
          : { reason: "onnxruntime's CUDA provider is not installed", howToGet: FETCH_CUDA },
      explain: (error) => ({
        reason: /load shared library/i.test(error)
          ? 'the CUDA provider is installed, but a library that it needs is not'
          : brief(error),
        howToGet: "Install NVIDIA's driver, CUDA 12 and cuDNN 9, and put their libraries on LD_LIBRARY_PATH.",
      }),
    },
    {
      name: 'directml',
      provider: 'dml',
      title: 'GPU through DirectML',
      impossible: system === 'win32' ? unsupported('dml') : 'DirectML is part of Windows only',
      obstacle: () => null,
      explain: (error) => ({
        reason: brief(error),
        howToGet: "Update Windows and the GPU's driver: DirectX 12 is needed.",
      }),
    },
    {
      name: 'coreml',
      provider: 'coreml',
      title: 'Apple GPU and Neural Engine through Core ML',
      impossible: system === 'darwin' ? unsupported('coreml') : 'Core ML is part of macOS only',
      obstacle: () => null,
      explain: (error) => ({ reason: brief(error), howToGet: 'Update macOS.' }),
    },
  ];
}

function unsupported(provider: Provider): string | null {
  return listSupportedBackends().some(({ name }) => name === provider)
    ? null
    : `onnxruntime-node is built without it for ${platform()} on ${process.arch}`;
}

function hasCudaProvider(): boolean {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const libraries = join(dirname(entry), '../bin/napi-v6', platform(), process.arch);
  return existsSync(join(libraries, 'libonnxruntime_providers_cuda.so'));
}

/** The last sentence of an error, without the place in onnxruntime's sources that it begins with. */
const brief = (error: string): string => error.trim().split('\n').at(-1)!.slice(-300);
