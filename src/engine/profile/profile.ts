/** Where a compiled step's time goes, measured by onnxruntime in a session of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../compile';
import type { Target } from '../lower/lowering';
import { openSession } from '../session/session';
import type { Provider } from '../session/provider';
import type { DeviceName, DeviceOptions, HostTensors, StepDefinition, StepProfile } from '../types';
import { nodeTimes } from './events';

/** Runs that do not count: the first ones allocate, and on a GPU compile their programs. */
const WARMUP = 2;

/** @param steps runs that count. The step's state is a copy of `state`, and is let go at the end. */
export async function profileCompiled(
  device: DeviceName,
  target: Target,
  provider: Provider,
  definition: StepDefinition,
  state: HostTensors,
  inputs: HostTensors,
  options: DeviceOptions,
  steps: number,
): Promise<StepProfile> {
  const model = await compile(definition, target, options.lowMemory);
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-profile-'));
  try {
    const opening = performance.now();
    const session = await openSession(model, provider, state, options, join(folder, 'profile'));
    const opened = performance.now();
    for (let run = 0; run < WARMUP; run++) await session.run(inputs);
    const began = performance.now();
    for (let run = 0; run < steps; run++) await session.run(inputs);
    const stepMilliseconds = (performance.now() - began) / steps;
    session.endProfiling();
    await session.dispose();
    const [file] = readdirSync(folder);
    return {
      step: definition.name,
      device,
      steps,
      stepMilliseconds,
      compile: { ...model.milliseconds, session: opened - opening },
      nodeCount: model.nodeCount,
      bytesCopied: session.bytesCopied,
      nodes: nodeTimes(readFileSync(join(folder, file), 'utf8'), WARMUP + steps, WARMUP),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
