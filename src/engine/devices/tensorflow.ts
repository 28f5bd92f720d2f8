/** The `tensorflow` device: eager TensorFlow.js on CUDA through the optional package @tensorflow/tfjs-node-gpu. */
import { createRequire } from 'node:module';
import util from 'node:util';
import { findBackend } from '@tensorflow/tfjs-core';
import { messageOf, UserError } from '../../shared/errors';
import { prepareEager } from '../eager';
import type { Device } from '../types';
import type { DeviceInfo } from './info';
import { runProbe } from './probe';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const INSTALL = `Install it with its library, on Linux or Windows with CUDA 11 and cuDNN 8: npm install ${PACKAGE}`;
const REBUILD = `Fetch its library, from storage.googleapis.com: npm rebuild ${PACKAGE}`;

/** Finds and loads the package; for tests. */
export interface Loader {
  resolve(name: string): string;
  (name: string): unknown;
}

const loader: Loader = createRequire(import.meta.url);

/** Node 24 no longer has what the package calls. */
export function shimNode(target: object = util): void {
  (target as { isNullOrUndefined?: (value: unknown) => boolean }).isNullOrUndefined ??= (value) =>
    value === null || value === undefined;
}

/**
 * Registers the backend `tensorflow`. The package brings its own copy of tfjs, but all copies of one version share
 * one engine and one table of kernels, those of our own ops among them.
 * @throws UserError where the package or its library is missing.
 */
export function loadTensorflow(load: Loader = loader): void {
  if (findBackend('tensorflow')) return;
  shimNode();
  try {
    load(PACKAGE);
  } catch (error) {
    throw new UserError(`The device "tensorflow" is not available: ${missing(error)}`, remedy(error));
  }
  if (!findBackend('tensorflow'))
    throw new UserError(
      `The device "tensorflow" is not available: ${PACKAGE} registered no backend`,
      REBUILD,
    );
}

const isNotInstalled = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && messageOf(error).includes(PACKAGE);
const missing = (error: unknown): string =>
  isNotInstalled(error)
    ? `the optional package ${PACKAGE} is not installed`
    : messageOf(error).split('\n')[0].slice(0, 300);
const remedy = (error: unknown): string => (isNotInstalled(error) ? INSTALL : REBUILD);

export function openTensorflow(load: Loader = loader): Device {
  loadTensorflow(load);
  return {
    name: 'tensorflow',
    description: 'TensorFlow on CUDA, op by op',
    prepare: (definition, state) => prepareEager('tensorflow', definition, state),
    dispose: async () => {},
  };
}

/** Loading it may end the process where a CUDA library is missing, so a child does. */
const PROGRAM = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value == null;
const say = (message) => { process.send(message); process.disconnect(); };
try {
  const tf = require(process.argv[1]);
  const [sum] = tf.matMul(tf.ones([8, 8]), tf.ones([8, 8])).sum().dataSync();
  say({ sum, gpu: tf.backend().isUsingGpuDevice === true });
} catch (error) {
  say({ error: error.message });
}
`;

export async function describeTensorflow(load: Loader = loader): Promise<DeviceInfo> {
  const info = {
    name: 'tensorflow' as const,
    title: 'NVIDIA GPU through TensorFlow, op by op',
    selected: false,
  };
  let path: string;
  try {
    path = load.resolve(PACKAGE);
  } catch (error) {
    return { ...info, available: false, reason: missing(error), howToGet: remedy(error) };
  }
  const { message, end } = await runProbe(PROGRAM, [path]);
  const { error, sum, gpu } = message as { error?: string; sum?: number; gpu?: boolean };
  if (sum !== 512)
    return { ...info, available: false, reason: missing(new Error(error ?? end)), howToGet: REBUILD };
  return gpu
    ? { ...info, available: true, reason: 'it works; compiled devices are faster', howToGet: null }
    : {
        ...info,
        available: true,
        reason: 'it works, but finds no GPU and computes on the CPU',
        howToGet: "Install NVIDIA's driver, CUDA 11 and cuDNN 8.",
      };
}
