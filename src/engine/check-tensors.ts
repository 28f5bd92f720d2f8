/** What goes into a step is checked against its definition, so that a mistake is named and not computed with. */
import { sizeOf, type HostTensors, type StepDefinition, type TensorSpecs } from './types';

/** @throws Error naming the tensor that is missing, unknown, or of another shape or dtype. */
export function checkInputs(definition: StepDefinition, inputs: HostTensors): void {
  check(`${definition.name}: input`, definition.inputs, inputs);
}

/** @throws Error as checkInputs. */
export function checkState(definition: StepDefinition, state: HostTensors): void {
  check(`${definition.name}: state`, definition.state, state);
}

function check(what: string, specs: TensorSpecs, tensors: HostTensors): void {
  for (const [name, { shape, dtype }] of Object.entries(specs)) {
    const tensor = tensors[name];
    if (!tensor) throw new Error(`${what} "${name}" is missing`);
    if (
      tensor.dtype !== dtype ||
      tensor.shape.join() !== shape.join() ||
      tensor.data.length !== sizeOf(shape)
    )
      throw new Error(
        `${what} "${name}" is ${tensor.dtype}[${tensor.shape.join(', ')}] with ${tensor.data.length} values, ` +
          `expected ${dtype}[${shape.join(', ')}]`,
      );
  }
  for (const name of Object.keys(tensors))
    if (!(name in specs)) throw new Error(`${what} "${name}" is not declared`);
}
