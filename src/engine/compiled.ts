/** Runs a step as one ONNX graph in onnxruntime, with the state in two sets of tensors that take turns. */
import * as ort from 'onnxruntime-node';
import { checkInputs, checkState } from './check-tensors';
import { type Graph } from './graph/graph';
import { printGraph } from './graph/print';
import { lower, type Target } from './lower/lowering';
import { simplify } from './passes';
import { trace } from './trace/trace';
import {
  sizeOf,
  type DeviceOptions,
  type HostTensor,
  type HostTensors,
  type Step,
  type StepDefinition,
} from './types';

/** A step as an ONNX model, before a session is made of it. */
export interface CompiledModel {
  readonly definition: StepDefinition;
  readonly graph: Graph;
  readonly bytes: Uint8Array;
  /** The graph as text. */
  print(): string;
}

export async function compile(definition: StepDefinition, target: Target): Promise<CompiledModel> {
  const graph = withoutUnchanged(simplify(await trace(definition)));
  const bytes = lower(graph, target, definition.name).encode();
  return { definition, graph, bytes, print: () => printGraph(graph) };
}

/** State that a step returns as it got it is no output: it stays where it is. */
function withoutUnchanged({ nodes, outputs }: Graph): Graph {
  const changed = Object.entries(outputs).filter(
    ([name, { node }]) =>
      !(node.op === 'Input' && name === String(node.attrs.name).replace(/^state\//, 'next/')),
  );
  return { nodes, outputs: Object.fromEntries(changed) };
}

type TensorSet = Record<string, ort.Tensor>;

export async function prepareCompiled(
  target: Target,
  definition: StepDefinition,
  initial: HostTensors,
  { threads, lowMemory }: DeviceOptions,
): Promise<Step> {
  checkState(definition, initial);
  const { bytes } = await compile(definition, target);
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    enableCpuMemArena: !lowMemory,
    enableMemPattern: !lowMemory,
    extra: { session: { set_denormal_as_zero: '1' } },
  });
  const names = Object.keys(definition.state);
  const changing = names.filter((name) => session.outputNames.includes(`next/${name}`));
  let current = toOrt(initial, names);
  let spare = toOrt(initial, changing);
  const outputs = session.outputNames.filter((name) => name.startsWith('output/'));
  return {
    async run(inputs) {
      checkInputs(definition, inputs);
      const feeds = {
        ...prefixed('state/', current),
        ...prefixed('input/', toOrt(inputs, Object.keys(inputs))),
      };
      const fetches: Record<string, ort.Tensor | null> = prefixed('next/', spare);
      for (const name of outputs) fetches[name] = null;
      const results = await session.run(feeds, fetches);
      [current, spare] = [{ ...current, ...spare }, pick(current, changing)];
      return Object.fromEntries(outputs.map((name) => [name.slice('output/'.length), toHost(results[name])]));
    },
    readState: async () => Object.fromEntries(names.map((name) => [name, toHost(current[name])])),
    async writeState(state) {
      checkState(definition, state);
      current = toOrt(state, names);
    },
    dispose: () => session.release(),
  };
}

const pick = (tensors: TensorSet, names: readonly string[]): TensorSet =>
  Object.fromEntries(names.map((name) => [name, tensors[name]]));

const prefixed = (prefix: string, tensors: TensorSet): TensorSet =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

/** Copies: the session writes into the state's tensors. */
function toOrt(tensors: HostTensors, names: readonly string[]): TensorSet {
  return Object.fromEntries(
    names.map((name) => {
      const { dtype, data, shape } = tensors[name];
      return [name, new ort.Tensor(dtype, data.slice() as Float32Array, [...shape])];
    }),
  );
}

function toHost({ type, data, dims }: ort.Tensor): HostTensor {
  return { dtype: type as HostTensor['dtype'], shape: dims, data: (data as Float32Array).slice() };
}

/** Bytes that a set of tensors takes. */
export const bytesOf = (specs: StepDefinition['state']): number =>
  Object.values(specs).reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * (dtype === 'bool' ? 1 : 4), 0);
