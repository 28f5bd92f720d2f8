/** Tries a provider for real, in a child process: a provider without its driver may end the process it is tried in. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { threadCount } from './threads';
import type { Provider } from '../session/provider';
import { PROBE_VALUE, probeModel } from './probe-model';

export type Probe =
  | { readonly ok: true; /** Measured with one matrix product. */ readonly gflops: number }
  | { readonly ok: false; /** What the provider said. */ readonly error: string };

/** Milliseconds after which a provider that says nothing counts as missing. */
const PATIENCE = 30_000;

/**
 * Plain JavaScript for `node -e`, so that it runs the same from sources, from a bundle and from a packaged app.
 * A small product tells whether the provider computes rightly; a large one, how fast, unless it is slow already.
 * Arguments: path of onnxruntime-node, provider, model as base64, the matrix's value, threads.
 */
const PROGRAM = `
const [path, provider, model, value, threads] = process.argv.slice(1);
const ort = require(path);
(async () => {
  const session = await ort.InferenceSession.create(new Uint8Array(Buffer.from(model, 'base64')), {
    executionProviders: [provider], intraOpNumThreads: Number(threads), logSeverityLevel: 4,
  });
  const multiply = async (size) => {
    const a = new ort.Tensor('float32', new Float32Array(size * size).fill(Number(value)), [size, size]);
    const start = performance.now();
    const sum = (await session.run({ a })).sum.data[0];
    const gflops = (2 * size ** 3) / (performance.now() - start) / 1e6;
    return { error: sum / (size ** 3 * value ** 2) - 1, gflops };
  };
  const fastest = async (size, runs) => {
    const results = [];
    for (let run = 0; run < runs; run++) results.push(await multiply(size));
    return {
      error: Math.max(...results.map(({ error }) => Math.abs(error))),
      gflops: Math.max(...results.map(({ gflops }) => gflops)),
    };
  };
  const small = await fastest(128, 2);
  return small.gflops > 1 ? fastest(1024, 6) : small;
})().then((result) => process.send(result), (error) => process.send({ failure: String(error.message ?? error) }))
  .finally(() => process.disconnect());
`;

/** @param environment of the child, e.g. with another LD_LIBRARY_PATH. */
export async function probeProvider(
  provider: Provider,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Probe> {
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
  const model = Buffer.from(probeModel()).toString('base64');
  const args = [runtime, provider, model, PROBE_VALUE, threadCount(0)].map(String);
  const { message, end } = await runProbe(PROGRAM, args, environment);
  const { failure, error, gflops } = message as { failure?: string; error?: number; gflops?: number };
  if (error === undefined || gflops === undefined) return { ok: false, error: failure ?? end };
  if (!(error < 1e-3))
    return {
      ok: false,
      error: `it computes wrongly: a matrix product is off by ${(100 * error).toFixed(1)} %`,
    };
  return { ok: true, gflops };
}

/** Runs a program under Node until it ends. `message` is what it sent, `end` how it ended. */
export function runProbe(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ message: object; end: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', program, ...args], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      windowsHide: true,
    });
    let message: object = {};
    let said = '';
    child.on('message', (received) => (message = received as object));
    child.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    const settle = (end: string) => {
      clearTimeout(timer);
      resolve({ message, end });
    };
    child.on('error', (error) => settle(error.message));
    child.on('close', (code, signal) => {
      const last = said.trim().split('\n').at(-1) ?? '';
      settle(`its process ended with ${signal ?? `code ${code}`}${last && `: ${last}`}`);
    });
  });
}
