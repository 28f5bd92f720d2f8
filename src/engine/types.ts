/** The engine's vocabulary: what a step is, what goes in and out, and what runs it. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeTime } from './profile/events';

export type DType = 'float32' | 'int32' | 'bool';

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}
export type TensorSpecs = Readonly<Record<string, TensorSpec>>;

/** A tensor on the host. bool is one byte an element. */
export interface HostTensor extends TensorSpec {
  readonly data: Float32Array | Int32Array | Uint8Array;
}
export type HostTensors = Record<string, HostTensor>;

export type TensorMap = Record<string, Tensor>;

/**
 * A pure function of tensors: reads state and inputs, returns the complete next state (same names, shapes and
 * dtypes) and outputs. It must not draw random numbers nor read a tensor's data: both are inputs.
 */
export type StepFunction = (state: TensorMap, inputs: TensorMap) => { state: TensorMap; outputs: TensorMap };

export interface StepDefinition {
  /** For messages, profiles and the printed form. */
  readonly name: string;
  readonly state: TensorSpecs;
  readonly inputs: TensorSpecs;
  readonly step: StepFunction;
}

/** A step that holds its state on a device. Not reentrant: await each call. */
export interface Step {
  /** One step: consumes the inputs, replaces the state, returns the outputs. */
  run(inputs: HostTensors): Promise<HostTensors>;
  /** A copy of the state. */
  readState(): Promise<HostTensors>;
  /** Replaces the state; names, shapes and dtypes must match the definition. */
  writeState(state: HostTensors): Promise<void>;
  dispose(): Promise<void>;
}

export type DeviceName = 'cpu' | 'webgpu' | 'cuda' | 'directml' | 'coreml' | 'tensorflow' | 'reference';

/** Somewhere steps run. `reference` is eager tfjs on its cpu backend: slow, and what all others are tested against. */
export interface Device {
  readonly name: DeviceName;
  readonly description: string;
  prepare(definition: StepDefinition, state: HostTensors): Promise<Step>;
  /** Measures `steps` runs on the same inputs, from the state; only where steps are compiled. */
  profile?(
    definition: StepDefinition,
    state: HostTensors,
    inputs: HostTensors,
    steps: number,
  ): Promise<StepProfile>;
  dispose(): Promise<void>;
}

/** Where a step's time goes. Times in milliseconds. */
export interface StepProfile {
  readonly step: string;
  readonly device: DeviceName;
  readonly steps: number;
  /** Mean time of one step, measured from outside. */
  readonly stepMilliseconds: number;
  readonly compile: { readonly trace: number; readonly lower: number; readonly session: number };
  /** Nodes of the ONNX model. */
  readonly nodeCount: number;
  /** Between host and device at each step, both ways. */
  readonly bytesCopied: number;
  readonly nodes: readonly NodeTime[];
}

export interface DeviceOptions {
  /** 0 takes all cores. */
  readonly threads: number;
  readonly lowMemory: boolean;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
