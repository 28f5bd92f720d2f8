/** Records a step: the function runs once on a tfjs backend whose kernels note what they were asked to do. */
import {
  DataStorage,
  engine,
  KernelBackend,
  registerBackend,
  registerKernel,
  Tensor,
  type BackendValues,
  type DataId,
  type DataType,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { withBackend } from '../backend-lock';
import { GraphBuilder, type Attrs, type Graph, type Inputs, type Value } from '../graph/graph';
import { kernels } from '../kernels';
import { currentScope } from '../scope';
import type { DType, StepDefinition, TensorMap, TensorSpec } from '../types';
import { keepLayers } from './keep-layers';
import { refuseRandomness, refuseRandomTensor, stepLine, TraceError } from './refuse';

const BACKEND = 'selvedge-trace';

/** State and inputs become graph inputs "state/…" and "input/…"; results become "next/…" and "output/…". */
export async function trace(definition: StepDefinition): Promise<Graph> {
  register();
  return withBackend(BACKEND, () => {
    recorder = new Recorder();
    engine().startScope(definition.name);
    const restoreRandom = refuseRandomness();
    const restoreTape = keepLayers();
    // The step's own line lies deep under tfjs's.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 200;
    try {
      const state = inputs(recorder, 'state', definition.state);
      const { state: next, outputs } = definition.step(state, inputs(recorder, 'input', definition.inputs));
      return {
        nodes: recorder.builder.nodes,
        outputs: {
          ...results(definition, 'next', next, Object.keys(definition.state)),
          ...results(definition, 'output', outputs, Object.keys(outputs)),
        },
      };
    } catch (error) {
      throw missingKernel(error) ?? error;
    } finally {
      restoreRandom();
      restoreTape();
      Error.stackTraceLimit = stackTraceLimit;
      engine().endScope();
      recorder = undefined;
    }
  });
}

/** The recording in hand; the backend lock makes it one at a time. */
let recorder: Recorder | undefined;

class Recorder {
  readonly builder = new GraphBuilder();
  /** The last node of the forward pass that has a scope is what a gradient node belongs to. */
  scopeOf(inputs: Inputs): string {
    const own = currentScope();
    if (own) return own;
    let latest: Value | undefined;
    for (const value of Object.values(inputs))
      if (value.node.scope && (!latest || value.node.id > latest.node.id)) latest = value;
    return latest?.node.scope ?? '';
  }
}

/** Holds graph values where other backends hold numbers. */
class TraceBackend extends KernelBackend {
  private readonly storage = new DataStorage<Value>(this, engine());

  define(value: Value): TensorInfo {
    const dataId = {};
    this.storage.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  override valueOf({ dataId }: TensorInfo): Value {
    return this.storage.get(dataId);
  }

  override write(values: BackendValues | null, shape: number[], dtype: DataType): DataId {
    return this.define(constant(values, shape, dtype)).dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType): void {
    this.storage.set(dataId, constant(values, shape, dtype));
  }

  override readSync(): never {
    throw new TraceError(
      `The step reads a tensor's numbers at ${stepLine()}, but a compiled step is recorded before any number is known`,
      'Express the choice with tf.where, or return the tensor as an output and decide outside of the step.',
    );
  }

  override read(): never {
    return this.readSync();
  }

  override numDataIds(): number {
    return this.storage.numDataIds();
  }

  override disposeData(): boolean {
    return true;
  }

  override incRef(): void {}
  decRef(): void {}
  override refCount(): number {
    return 1;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}

let backend: TraceBackend | undefined;

function register(): void {
  if (backend) return;
  backend = new TraceBackend();
  const here = backend;
  registerBackend(BACKEND, () => here, 0);
  for (const kernelName of Object.keys(kernels))
    registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) =>
        record(here, kernelName, inputs as Record<string, TensorInfo>, attrs as Attrs),
    });
}

function record(
  on: TraceBackend,
  op: string,
  tensors: Record<string, TensorInfo>,
  attrs: Attrs,
): TensorInfo | TensorInfo[] {
  const inputs: Inputs = Object.fromEntries(
    Object.entries(tensors)
      .filter(([, tensor]) => tensor !== undefined && tensor !== null)
      .map(([name, tensor]) => [name, on.valueOf(tensor)]),
  );
  let specs: readonly TensorSpec[];
  try {
    specs = kernels[op].infer(inputs, attrs);
  } catch (error) {
    throw new TraceError(`${op} at ${stepLine()}: ${(error as Error).message}`);
  }
  const active = recorder!;
  const { outputs } = active.builder.add(op, inputs, { ...attrs }, specs, active.scopeOf(inputs));
  const infos = outputs.map((value) => on.define(value));
  return infos.length === 1 && !kernels[op].returnsList ? infos[0] : infos;
}

function constant(values: BackendValues | null, shape: number[], dtype: DataType): Value {
  if (!recorder) throw new Error('The tracing backend was used outside of a trace');
  refuseRandomTensor();
  const spec = { shape, dtype: supported(dtype) };
  return values
    ? recorder.builder.constant(values as ArrayLike<number>, spec)
    : recorder.builder.uniform(0, spec);
}

function supported(dtype: DataType): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TraceError(
    `The step makes a ${dtype} tensor at ${stepLine()}; steps hold float32, int32 and bool`,
  );
}

function inputs({ builder }: Recorder, kind: string, specs: StepDefinition['state']): TensorMap {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const info = backend!.define(builder.input(`${kind}/${name}`, spec));
      return [name, engine().makeTensorFromTensorInfo(info)];
    }),
  );
}

function results(
  definition: StepDefinition,
  kind: 'next' | 'output',
  tensors: TensorMap,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(
    names.map((name) => {
      const tensor: unknown = tensors[name];
      if (!(tensor instanceof Tensor))
        throw new TraceError(`${definition.name}: the step returns no ${LABEL[kind]} "${name}"`);
      const value = backend!.valueOf(tensor);
      const expected = kind === 'next' ? definition.state[name] : value;
      if (value.dtype !== expected.dtype || value.shape.join() !== expected.shape.join())
        throw new TraceError(
          `${definition.name}: the next state "${name}" is ${value.dtype}[${value.shape.join(', ')}], ` +
            `expected ${expected.dtype}[${expected.shape.join(', ')}]`,
        );
      return [`${kind}/${name}`, value];
    }),
  );
}

const LABEL = { next: 'next state', output: 'output' } as const;

/** tfjs's own error for a kernel we lack, in our words. */
function missingKernel(error: unknown): TraceError | undefined {
  const op = error instanceof Error && /Kernel '(\w+)' not registered/.exec(error.message)?.[1];
  if (!op) return undefined;
  return new TraceError(
    `The step compiler has no kernel "${op}", called at ${stepLine(error.stack)}`,
    'Write it with other ops, or add the kernel: docs/engine.md says how.',
  );
}
