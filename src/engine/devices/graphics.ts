/** Names of the GPUs in this machine, as its system tells them. onnxruntime does not tell which one it took. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, platform } from 'node:os';
import { promisify } from 'node:util';

const VENDORS: Readonly<Record<string, string>> = {
  '0x1002': 'AMD GPU',
  '0x10de': 'NVIDIA GPU',
  '0x8086': 'Intel GPU',
};

/** Empty where there are none, or where they cannot be told. */
export async function graphicsNames(): Promise<string[]> {
  try {
    if (platform() === 'linux') return linuxNames();
    if (platform() === 'win32') return await windowsNames();
    return [`${cpus()[0].model} GPU`];
  } catch {
    return [];
  }
}

/** @param root of the file system; for tests. */
export function linuxNames(root = '/'): string[] {
  const nvidia = list(`${root}proc/driver/nvidia/gpus`).flatMap(
    (gpu) => /^Model:\s*(.+)$/m.exec(read(`${root}proc/driver/nvidia/gpus/${gpu}/information`))?.[1] ?? [],
  );
  const cards = list(`${root}sys/class/drm`)
    .filter((name) => /^card\d+$/.test(name))
    .map((card) => VENDORS[read(`${root}sys/class/drm/${card}/device/vendor`).trim()])
    .filter((name) => name !== undefined && !(nvidia.length > 0 && name === 'NVIDIA GPU'));
  return [...nvidia, ...cards];
}

/**
 * Whether a Vulkan driver could find a GPU here. Without one it can only compute on the processor, in software.
 * Windows and macOS always show one.
 */
export function hasGraphicsHardware(root = '/'): boolean {
  if (platform() !== 'linux') return true;
  // dxg is the GPU of the Windows that a Linux under WSL runs in.
  return (
    list(`${root}dev/dri`).some((name) => name.startsWith('renderD')) ||
    list(`${root}dev`).some((name) => /^nvidia\d+$/.test(name)) ||
    existsSync(`${root}dev/dxg`)
  );
}

async function windowsNames(): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    'powershell',
    ['-NoProfile', '-Command', '(Get-CimInstance Win32_VideoController).Name'],
    { timeout: 10_000, windowsHide: true },
  );
  return stdout
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
