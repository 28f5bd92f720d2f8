/** A compiled step in an onnxruntime session, with its state where the provider keeps it best. */
import * as ort from '../onnxruntime';
import { checkInputs, checkState } from '../check-tensors';
import type { CompiledModel } from '../compile';
import type { Graph } from '../graph/graph';
import type { DeviceOptions, HostTensors, Step, StepDefinition } from '../types';
import { gpuState } from './gpu-state';
import { hostState } from './host-state';
import { sessionOptions, type Provider } from './provider';
import { stepError } from './run-errors';
import { bytesOf, prefixed, toHost, toOrt, totalBytes } from './tensors';

export interface SessionStep extends Step {
  /** Bytes that go between host and GPU at each run, both ways; 0 on the CPU. */
  readonly bytesCopied: number;
  /** Ends profiling, so that the profile's file is complete. */
  endProfiling(): void;
}

/**
 * @param profile a path that the name of onnxruntime's profile begins with; null does not profile.
 * @throws UserError where memory does not suffice; Error naming step, layer and op where onnxruntime fails.
 */
export async function openSession(
  { definition, graph, bytes }: CompiledModel,
  provider: Provider,
  initial: HostTensors,
  options: DeviceOptions,
  profile: string | null = null,
): Promise<SessionStep> {
  checkState(definition, initial);
  const names = Object.keys(definition.state);
  const returned = Object.keys(graph.outputs);
  const changing = names.filter((name) => returned.includes(`next/${name}`));
  const outputs = returned.filter((name) => name.startsWith('output/'));
  const onGpu = provider === 'webgpu' && names.length > 0;
  const session = await ort.InferenceSession.create(bytes, {
    ...sessionOptions(provider, options, profile),
    ...(onGpu && {
      preferredOutputLocation: Object.fromEntries(
        returned.map((name) => [name, name.startsWith('next/') ? 'gpu-buffer' : 'cpu']),
      ),
    }),
  }).catch((error: unknown) => {
    throw stepError(definition.name, 'compile', error);
  });
  const state = onGpu
    ? await gpuState(definition.state, initial, changing, options)
    : hostState(initial, changing);
  return {
    async run(inputs) {
      checkInputs(definition, inputs);
      const feeds = {
        ...prefixed('state/', state.current()),
        ...prefixed('input/', toOrt(inputs, Object.keys(inputs))),
      };
      const fetches: Record<string, ort.Tensor | null> = prefixed('next/', state.targets());
      for (const name of outputs) fetches[name] = null;
      const results = await session.run(feeds, fetches).catch((error: unknown) => {
        throw stepError(definition.name, 'run', error);
      });
      state.advance(Object.fromEntries(changing.map((name) => [name, results[`next/${name}`]])));
      return Object.fromEntries(outputs.map((name) => [name.slice('output/'.length), toHost(results[name])]));
    },
    readState: () => state.read(),
    async writeState(values) {
      checkState(definition, values);
      await state.write(values);
    },
    async dispose() {
      // The state first: it may lie in memory of the session.
      await state.dispose();
      await session.release();
    },
    bytesCopied: bytesCopied(provider, definition, changing, graph),
    endProfiling: () => session.endProfiling(),
  };
}

/** Inputs go up and outputs come down; the state too, where the provider keeps no tensors of ours. */
function bytesCopied(
  provider: Provider,
  { state, inputs }: StepDefinition,
  changing: readonly string[],
  { outputs }: Graph,
): number {
  if (provider === 'cpu') return 0;
  const results = Object.entries(outputs)
    .filter(([name]) => name.startsWith('output/'))
    .reduce((sum, [, value]) => sum + bytesOf(value), 0);
  const batch = totalBytes(inputs) + results;
  return provider === 'webgpu' ? batch : batch + totalBytes(state) + totalBytes(state, changing);
}
