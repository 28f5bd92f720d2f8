/** Elementwise nodes take the layout that most of their operands already have; smaller operands are broadcast into it. */
import { sameShape, uniformValue, type Node, type Value } from '../graph/graph';
import {
  identity,
  isIdentity,
  physicalShape,
  sameLayout,
  sameMemory,
  transposition,
  type Layout,
  type Permutation,
} from './layout';
import type { Lowering } from './lowering';

/** Reads the node's inputs in one layout, emits, and defines the output in that layout. */
export function elementwise(node: Node, lowering: Lowering, emit: (names: string[]) => string): void {
  const [output] = node.outputs;
  const operands = Object.values(node.inputs);
  const layout = chooseLayout(operands, output, lowering);
  if (layout !== 'blocked') {
    lowering.define(
      output,
      emit(operands.map((operand) => readAs(operand, output.shape, layout, lowering))),
      layout,
    );
    return;
  }
  const perChannel = operands.some(
    (operand) => !isScalar(operand) && !sameShape(operand.shape, output.shape),
  );
  const names = operands.map((operand) => readBlocked(operand, output, perChannel, lowering));
  const result = emit(names);
  lowering.define(output, perChannel ? lowering.reshape(result, nchwShape(output)) : result, 'blocked');
}

const isScalar = (value: Value): boolean =>
  uniformValue(value) !== undefined || value.shape.every((n) => n === 1);

function chooseLayout(operands: readonly Value[], output: Value, lowering: Lowering): Layout {
  const own = identity(output.shape.length);
  const full = operands.filter(
    (operand) => sameShape(operand.shape, output.shape) && uniformValue(operand) === undefined,
  );
  let best: Layout = own;
  let most = 0;
  for (const operand of full) {
    for (const layout of lowering.layoutsOf(operand)) {
      if (layout === 'blocked' && !operands.every((other) => fitsBlocked(other, output))) continue;
      const votes = full.filter((other) =>
        lowering.layoutsOf(other).some((there) => sameLayout(there, layout)),
      ).length;
      if (votes > most) [best, most] = [layout, votes];
    }
  }
  return best;
}

/** Whether an operand can be read beside blocked ones: as a whole, as a number, or as one number a channel. */
function fitsBlocked(operand: Value, output: Value): boolean {
  if (operand.dtype === 'bool' && output.dtype !== 'bool') return false;
  return isScalar(operand) || sameShape(operand.shape, output.shape) || isPerChannel(operand, output);
}

function isPerChannel({ shape }: Value, output: Value): boolean {
  return shape.length > 0 && shape.at(-1) === output.shape[3] && shape.slice(0, -1).every((n) => n === 1);
}

function readAs(operand: Value, shape: readonly number[], layout: Permutation, lowering: Lowering): string {
  const uniform = uniformValue(operand);
  if (uniform !== undefined) return lowering.scalar(uniform, operand.dtype);
  if (sameShape(operand.shape, shape)) return lowering.read(operand, layout);
  const name = lowering.read(operand);
  if (isIdentity(layout) || isScalar(operand)) return name;
  const padded = [...new Array<number>(shape.length - operand.shape.length).fill(1), ...operand.shape];
  const own = identity(shape.length);
  if (sameMemory(padded, own, layout)) return lowering.reshape(name, physicalShape(padded, layout));
  const full = operand.shape.length === shape.length ? name : lowering.reshape(name, padded);
  return lowering.transpose(full, transposition(own, layout));
}

const nchwShape = ({ shape: [n, h, w, c] }: Value): number[] => [n, c, h, w];

/** Blocked tensors as [N, C / block, H, W, block] where some operand has one number a channel. */
function readBlocked(operand: Value, output: Value, perChannel: boolean, lowering: Lowering): string {
  const uniform = uniformValue(operand);
  if (uniform !== undefined) return lowering.scalar(uniform, operand.dtype);
  if (isScalar(operand)) return lowering.reshape(lowering.read(operand), []);
  const [n, h, w, c] = output.shape;
  const block = lowering.target.block!;
  if (sameShape(operand.shape, output.shape)) {
    const name = lowering.read(operand, 'blocked');
    return perChannel ? lowering.reshape(name, [n, c / block, h, w, block]) : name;
  }
  return lowering.reshape(lowering.read(operand), [c / block, 1, 1, block]);
}
