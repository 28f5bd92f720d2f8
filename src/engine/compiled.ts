/** Runs a step as one ONNX graph in onnxruntime. */
import { compile } from './compile';
import type { Target } from './lower/lowering';
import { requireMemory } from './memory/require';
import type { Provider } from './session/provider';
import { openSession } from './session/session';
import type { DeviceOptions, HostTensors, Step, StepDefinition } from './types';

/**
 * @throws UserError where the step cannot be compiled as it is written, or would need more memory than is free.
 */
export async function prepareCompiled(
  target: Target,
  definition: StepDefinition,
  initial: HostTensors,
  options: DeviceOptions,
  provider: Provider = 'cpu',
): Promise<Step> {
  const model = await compile(definition, target, options.lowMemory);
  // What a GPU needs lies in its own memory, which no provider tells.
  if (provider === 'cpu') requireMemory(model, options);
  return openSession(model, provider, initial, options);
}
