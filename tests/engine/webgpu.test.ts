/**
 * The GPU path on a GPU in software: the tests of kernels and whole steps run again in child processes, there on
 * onnxruntime's WebGPU provider. All kernels take minutes; SELVEDGE_TEST_ALL_WEBGPU=1 runs them.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probeProvider } from '../../src/engine/devices/probe';
import { noSwiftShader, swiftShaderEnvironment } from './swiftshader';

/** Kernels that no step of steps.test.ts has, and whose shaders differ most from plain arithmetic. */
const EVERYDAY =
  '(Select|Sin, Cos far from 0|ArgMax|TopK indices|Cumsum|GatherV2.*|OneHot|DepthwiseConv2dNative 3x3 / 2, same|MaxPool 3x3 / 2, same)$';
const ALL = process.env.SELVEDGE_TEST_ALL_WEBGPU === '1';

interface Report {
  readonly numPassedTests: number;
  readonly testResults: {
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

async function runOnWebGpu(file: string, pattern: string | null): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-webgpu-'));
  const report = join(folder, 'report.json');
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const args = [vitest, 'run', '--project', 'unit', file, '--reporter=json', `--outputFile=${report}`];
  // The variables of the vitest that runs this would confuse the one that is started.
  const environment = Object.fromEntries(
    Object.entries(await swiftShaderEnvironment()).filter(([name]) => !name.startsWith('VITEST')),
  );
  try {
    await new Promise((resolve) => {
      spawn(process.execPath, [...args, ...(pattern ? ['-t', pattern] : [])], {
        env: { ...environment, SELVEDGE_TEST_PROVIDER: 'webgpu' },
        stdio: 'ignore',
      }).on('close', resolve);
    });
    return JSON.parse(readFileSync(report, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectAllPassed({ numPassedTests, testResults }: Report, atLeast: number): void {
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed');
  expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`)).toEqual([]);
  expect(numPassedTests).toBeGreaterThanOrEqual(atLeast);
}

describe.skipIf(noSwiftShader)(`WebGPU in software${noSwiftShader ? ` (${noSwiftShader})` : ''}`, () => {
  it('computes rightly', async () => {
    expect(await probeProvider('webgpu', await swiftShaderEnvironment())).toMatchObject({ ok: true });
  });

  it('trains as the reference does, with the state on the GPU', async () => {
    expectAllPassed(await runOnWebGpu('tests/engine/steps.test.ts', null), 2);
  }, 180_000);

  it('agrees with the reference in a choice of kernels', async () => {
    expectAllPassed(await runOnWebGpu('tests/engine/kernels.test.ts', EVERYDAY), 8);
  }, 180_000);

  it('agrees with the reference in every kernel', async (context) => {
    if (!ALL) context.skip('takes minutes; SELVEDGE_TEST_ALL_WEBGPU=1 runs it');
    expectAllPassed(await runOnWebGpu('tests/engine/kernels.test.ts', null), 160);
  }, 900_000);
});
