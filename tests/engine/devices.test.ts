import * as tf from '@tensorflow/tfjs-core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchNormTraining, gelu, layerNorm, listDevices, openDevice, prepareEager } from '../../src/engine';
import { chooseDevice } from '../../src/engine/devices/choose';
import { hasGraphicsHardware, linuxNames } from '../../src/engine/devices/graphics';
import { compiledDevices } from '../../src/engine/devices/list';
import { probeProvider, runProbe } from '../../src/engine/devices/probe';
import { gpuDevices } from '../../src/engine/devices/providers';
import type { Found, Survey } from '../../src/engine/devices/survey';
import {
  describeTensorflow,
  openTensorflow,
  shimNode,
  type Loader,
} from '../../src/engine/devices/tensorflow';
import { relativeError, stateless, values } from './compare';

const options = { threads: 1, lowMemory: false };
const gpu = (name: string) => gpuDevices().find((device) => device.name === name)!;
const works = (name: string, gflops: number, software = false): Found => ({
  device: gpu(name),
  title: name,
  gflops,
  software,
});
const survey = (...gpus: Found[]): Survey => ({
  cpu: { title: 'CPU', probe: { ok: true, gflops: 300 } },
  gpus,
});

describe('listDevices', () => {
  it('names every device, picks one, and says how to get what is missing', async () => {
    const devices = await listDevices();
    expect(devices.map(({ name }) => name)).toEqual([
      'cpu',
      'webgpu',
      'cuda',
      'directml',
      'coreml',
      'tensorflow',
    ]);
    expect(devices.filter(({ selected }) => selected)).toHaveLength(1);
    for (const { available, title, reason, howToGet, name } of devices) {
      expect(title.length).toBeGreaterThan(3);
      expect(reason).not.toBe('');
      if (available) expect(howToGet === null || name === 'tensorflow').toBe(true);
      else expect(howToGet !== null || /only|built without/.test(reason), `${name}: ${reason}`).toBe(true);
    }
  }, 60_000);
});

describe('auto', () => {
  it('takes the fastest, and says what it was compared with', () => {
    expect(chooseDevice(survey(works('webgpu', 4000), works('cuda', 9000)))).toMatchObject({
      name: 'cuda',
      reason: 'the fastest here: cuda 9,000 GFLOP/s, webgpu 4,000 GFLOP/s, cpu 300 GFLOP/s',
    });
  });

  it('takes the CPU where the GPU is slower', () => {
    expect(chooseDevice(survey(works('webgpu', 200)))).toMatchObject({
      name: 'cpu',
      reason: 'the fastest here: cpu 300 GFLOP/s, webgpu 200 GFLOP/s',
    });
  });

  it('never takes a GPU in software', () => {
    const found = survey(works('webgpu', 10_000, true));
    expect(chooseDevice(found)).toMatchObject({ name: 'cpu', found: null });
    expect(compiledDevices(found)[1]).toMatchObject({
      available: true,
      selected: false,
      reason: expect.stringContaining('computes on the processor') as string,
    });
  });

  it('opens a device that trains', async () => {
    const { device, reason } = await openDevice('auto', options);
    expect(reason).toMatch(/^the fastest here/);
    const step = await device.prepare(
      stateless({ x: values([3]) }, ({ x }) => ({ y: tf.square(x) })),
      {},
    );
    expect((await step.run({ x: values([3]) })).y.data).toHaveLength(3);
    await step.dispose();
  }, 60_000);
});

describe('openDevice', () => {
  it('tells what to do for a device that is not there', async () => {
    await expect(openDevice('directml', options)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^The device "directml" is not available: /) as string,
    });
  });

  it('suggests the nearest name', async () => {
    await expect(openDevice('webgup' as 'webgpu', options)).rejects.toMatchObject({
      message: 'There is no device "webgup"',
      hint: expect.stringContaining('Did you mean "webgpu"?') as string,
      kind: 'usage',
    });
  });
});

describe('a probe', () => {
  it('measures the CPU', async () => {
    expect(await probeProvider('cpu')).toMatchObject({ ok: true });
  });

  it('survives a provider that ends the process', async () => {
    const { message, end } = await runProbe('console.error("no driver"); process.abort()', []);
    expect(message).toEqual({});
    expect(end).toMatch(/SIGABRT|code/);
  });
});

describe('GPU names on Linux', () => {
  it('come from the drivers', () => {
    const root = `${mkdtempSync(join(tmpdir(), 'selvedge-gpus-'))}/`;
    const write = (path: string, text: string) => {
      mkdirSync(dirname(root + path), { recursive: true });
      writeFileSync(root + path, text);
    };
    expect(linuxNames(root)).toEqual([]);
    write('proc/driver/nvidia/gpus/0000:01:00.0/information', 'Model: \t\t NVIDIA H100 80GB HBM3\nIRQ: 1\n');
    write('sys/class/drm/card0/device/vendor', '0x10de\n');
    write('sys/class/drm/card1/device/vendor', '0x1002\n');
    expect(linuxNames(root)).toEqual(['NVIDIA H100 80GB HBM3', 'AMD GPU']);
    if (process.platform === 'linux') {
      expect(hasGraphicsHardware(root)).toBe(false);
      write('dev/dri/renderD128', '');
      expect(hasGraphicsHardware(root)).toBe(true);
    }
    rmSync(root, { recursive: true });
  });
});

describe('the tensorflow device', () => {
  const fail = (error: Error): Loader =>
    Object.assign(
      () => {
        throw error;
      },
      {
        resolve: () => {
          throw error;
        },
      },
    );
  const absent = Object.assign(new Error("Cannot find module '@tensorflow/tfjs-node-gpu'"), {
    code: 'MODULE_NOT_FOUND',
  });

  it('says that the package is missing, and that its library is', async () => {
    expect(() => openTensorflow(fail(absent))).toThrow('@tensorflow/tfjs-node-gpu is not installed');
    expect(await describeTensorflow(fail(absent))).toMatchObject({
      available: false,
      howToGet: expect.stringContaining('npm install @tensorflow/tfjs-node-gpu') as string,
    });
    const noLibrary = new Error('libtensorflow.so.2: cannot open shared object file');
    expect(() => openTensorflow(fail(noLibrary))).toThrow('libtensorflow.so.2: cannot open');
  });

  it('gives Node 24 back what the package calls', () => {
    const node: { isNullOrUndefined?: (value: unknown) => boolean } = {};
    shimNode(node);
    expect([null, undefined, 0, ''].map((value) => node.isNullOrUndefined!(value))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('runs steps with our own ops on a package with a copy of tfjs of its own', async () => {
    const require = createRequire(import.meta.url);
    const fake: Loader = Object.assign(() => require('./fixtures/fake-tfjs-node-gpu.mjs') as unknown, {
      resolve: () => require.resolve('./fixtures/fake-tfjs-node-gpu.mjs'),
    });
    const device = openTensorflow(fake);
    const inputs = { x: values([4, 3, 8], 1), scale: values([8], 2), offset: values([8], 3) };
    const definition = stateless(inputs, ({ x, scale, offset }) => ({
      y: gelu(layerNorm(batchNormTraining(x, scale, offset, { relu: true }).y, scale, offset)),
    }));
    const actual = await (await device.prepare(definition, {})).run(inputs);
    const expected = await (await prepareEager('cpu', definition, {})).run(inputs);
    expect(relativeError(actual.y, expected.y)).toBeLessThan(1e-6);
  });
});
