/** Arithmetic, comparison and selection, element by element with broadcasting. */
import { uniformValue, type Inputs, type Node } from '../graph/graph';
import { elementwise } from '../lower/elementwise';
import type { Lowering } from '../lower/lowering';
import type { Kernel, KernelTable } from '../trace/kernel-table';
import type { DType } from '../types';
import { broadcastShape, like } from './inference';
import { sine } from './sine';

type Emit = (names: string[], lowering: Lowering, node: Node) => string;

const onnx =
  (type: string): Emit =>
  (names, lowering) =>
    lowering.emit(type, names);

/** Two operands, broadcast. */
function binary(emit: Emit, dtype?: DType): Kernel {
  return {
    elementwise: true,
    infer: ({ a, b }) => [{ shape: broadcastShape(a.shape, b.shape), dtype: dtype ?? a.dtype }],
    lower: (node, lowering) => elementwise(node, lowering, (names) => emit(names, lowering, node)),
  };
}

/** One operand under the key `x`. */
function unary(emit: Emit, dtype?: DType): Kernel {
  return {
    elementwise: true,
    infer: ({ x }) => [like(x, dtype)],
    lower: (node, lowering) => elementwise(node, lowering, (names) => emit(names, lowering, node)),
  };
}

/** Step(x) = 1 where x > 0, else 0. HardSigmoid with a huge slope: ten times as fast on CPU as Sign or Where. */
export const heaviside = (x: string, lowering: Lowering): string =>
  lowering.emit('HardSigmoid', [x], { alpha: { float: 3e38 }, beta: { float: 0 } });

const inFloat =
  (emit: Emit): Emit =>
  (names, lowering, node) => {
    if (node.outputs[0].dtype === 'float32') return emit(names, lowering, node);
    const asFloat = names.map((name) => lowering.emit('Cast', [name], { to: 1 }));
    return lowering.emit('Cast', [emit(asFloat, lowering, node)], { to: 6 });
  };

const floorDivide: Emit = ([a, b], lowering) => lowering.emit('Floor', [lowering.emit('Div', [a, b])]);

const floorModulo: Emit = ([a, b], lowering, node) =>
  lowering.emit('Sub', [a, lowering.emit('Mul', [b, floorDivide([a, b], lowering, node)])]);

const ONNX_DTYPE = { float32: 1, int32: 6, bool: 9 } as const;

/** float32 to int32 truncates towards zero; to bool is "not zero". */
const cast: Kernel = {
  elementwise: true,
  infer: ({ x }, { dtype }) => {
    if (!(String(dtype) in ONNX_DTYPE))
      throw new Error(`cast to ${String(dtype)}; steps hold float32, int32 and bool`);
    return [like(x, dtype as DType)];
  },
  lower: (node, lowering) =>
    elementwise(node, lowering, ([x]) =>
      lowering.emit('Cast', [x], { to: ONNX_DTYPE[node.outputs[0].dtype] }),
    ),
};

const select: Kernel = {
  elementwise: true,
  infer: ({ condition, t, e }) => [
    { shape: broadcastShape(condition.shape, broadcastShape(t.shape, e.shape)), dtype: t.dtype },
  ],
  lower: (node, lowering) => elementwise(node, lowering, (names) => lowering.emit('Where', names)),
};

const clip: Kernel = unary(([x], lowering, { attrs, outputs }) => {
  const bound = (value: unknown) => lowering.scalar(value as number, outputs[0].dtype);
  return lowering.emit('Clip', [x, bound(attrs.clipValueMin), bound(attrs.clipValueMax)]);
});

const step: Kernel = unary(([x], lowering, { attrs }) => {
  const alpha = (attrs.alpha as number | undefined) ?? 0;
  const rise = heaviside(x, lowering);
  if (alpha === 0) return rise;
  return lowering.emit('Add', [
    lowering.emit('Mul', [rise, lowering.scalar(1 - alpha)]),
    lowering.scalar(alpha),
  ]);
});

const notOf =
  (emit: Emit): Emit =>
  (names, lowering, node) =>
    lowering.emit('Not', [emit(names, lowering, node)]);

/** ONNX compares numbers only. */
const equal: Emit = (names, lowering, { inputs }) =>
  lowering.emit(
    'Equal',
    inputs.a.dtype === 'bool' ? names.map((name) => lowering.emit('Cast', [name], { to: 6 })) : names,
  );

const isInfinite = onnx('IsInf');
const isNaN = onnx('IsNaN');

/** x^2 as x * x; a constant exponent of 0.5, 1, 2 or 3 likewise without Pow, which is slow. */
const power: Emit = ([a, b], lowering, { inputs }) => {
  const exponent = uniformValue(inputs.b);
  if (exponent === 0.5) return lowering.emit('Sqrt', [a]);
  if (exponent === 1) return lowering.emit('Identity', [a]);
  if (exponent === 2) return lowering.emit('Mul', [a, a]);
  if (exponent === 3) return lowering.emit('Mul', [lowering.emit('Mul', [a, a]), a]);
  return lowering.emit('Pow', [a, b]);
};

export const elementwiseKernels: KernelTable = {
  Add: binary(onnx('Add')),
  Sub: binary(onnx('Sub')),
  Multiply: binary(onnx('Mul')),
  RealDiv: binary(onnx('Div')),
  FloorDiv: binary(inFloat(floorDivide)),
  Mod: binary(inFloat(floorModulo)),
  Pow: binary(power),
  Maximum: binary(onnx('Max')),
  Minimum: binary(onnx('Min')),
  SquaredDifference: binary((names, lowering) => {
    const difference = lowering.emit('Sub', names);
    return lowering.emit('Mul', [difference, difference]);
  }),
  Greater: binary(onnx('Greater'), 'bool'),
  GreaterEqual: binary(onnx('GreaterOrEqual'), 'bool'),
  Less: binary(onnx('Less'), 'bool'),
  LessEqual: binary(onnx('LessOrEqual'), 'bool'),
  Equal: binary(equal, 'bool'),
  NotEqual: binary(notOf(equal), 'bool'),
  LogicalAnd: binary(onnx('And'), 'bool'),
  LogicalOr: binary(onnx('Or'), 'bool'),
  LogicalNot: unary(onnx('Not'), 'bool'),
  Select: select,
  Cast: cast,
  ClipByValue: clip,
  Step: step,
  Abs: unary(onnx('Abs')),
  Neg: unary(onnx('Neg')),
  Exp: unary(onnx('Exp')),
  Expm1: unary(([x], lowering) => lowering.emit('Sub', [lowering.emit('Exp', [x]), lowering.scalar(1)])),
  Log: unary(onnx('Log')),
  Log1p: unary(([x], lowering) => lowering.emit('Log', [lowering.emit('Add', [x, lowering.scalar(1)])])),
  Sqrt: unary(onnx('Sqrt')),
  Rsqrt: unary(([x], lowering) => lowering.emit('Reciprocal', [lowering.emit('Sqrt', [x])])),
  Square: unary(([x], lowering) => lowering.emit('Mul', [x, x])),
  Reciprocal: unary(onnx('Reciprocal')),
  Tanh: unary(onnx('Tanh')),
  Sigmoid: unary(onnx('Sigmoid')),
  Softplus: unary(onnx('Softplus')),
  Erf: unary(onnx('Erf')),
  Relu: unary(onnx('Relu')),
  Relu6: unary(([x], lowering) => lowering.emit('Clip', [x, lowering.scalar(0), lowering.scalar(6)])),
  Elu: unary(onnx('Elu')),
  EluGrad: {
    elementwise: true,
    infer: ({ y }) => [like(y)],
    lower: (node, lowering) => elementwise(node, lowering, ([dy, y]) => eluGradient(dy, y, lowering)),
  },
  LeakyRelu: unary(([x], lowering, { attrs }) =>
    lowering.emit('LeakyRelu', [x], { alpha: { float: attrs.alpha as number } }),
  ),
  Sign: unary(([x], lowering) =>
    lowering.emit('Sub', [heaviside(x, lowering), heaviside(lowering.emit('Neg', [x]), lowering)]),
  ),
  Floor: unary(onnx('Floor')),
  Ceil: unary(onnx('Ceil')),
  Round: unary(onnx('Round')),
  Sin: unary(([x], lowering) => (lowering.target.exactSine ? lowering.emit('Sin', [x]) : sine(x, lowering))),
  Cos: unary(([x], lowering) =>
    lowering.target.exactSine
      ? lowering.emit('Cos', [x])
      : sine(lowering.emit('Add', [x, lowering.scalar(Math.PI / 2)]), lowering),
  ),
  IsNan: unary(isNaN, 'bool'),
  IsInf: unary(isInfinite, 'bool'),
  IsFinite: unary(
    notOf((names, lowering, node) =>
      lowering.emit('Or', [isNaN(names, lowering, node), isInfinite(names, lowering, node)]),
    ),
    'bool',
  ),
  Identity: unary(onnx('Identity')),
  Gelu: unary(onnx('Gelu')),
  GeluGrad: {
    elementwise: true,
    infer: ({ x }: Inputs) => [like(x)],
    lower: (node, lowering) => elementwise(node, lowering, (names) => geluGradient(names, lowering)),
  },
};

/** dy where y is positive, else dy * (y + 1). */
function eluGradient(dy: string, y: string, lowering: Lowering): string {
  const below = lowering.emit('Min', [y, lowering.scalar(0)]);
  return lowering.emit('Mul', [dy, lowering.emit('Add', [below, lowering.scalar(1)])]);
}

/** dy * (cdf(x) + x * density(x)) of the standard normal. */
function geluGradient([dy, x]: string[], lowering: Lowering): string {
  const times = (name: string, factor: number): string =>
    lowering.emit('Mul', [name, lowering.scalar(factor)]);
  const erf = lowering.emit('Erf', [times(x, Math.SQRT1_2)]);
  // (erf + 1) / 2 in one pass: erf lies in [-1, 1], so nothing is clipped.
  const cdf = lowering.emit('HardSigmoid', [erf], { alpha: { float: 0.5 }, beta: { float: 0.5 } });
  const bell = lowering.emit('Exp', [times(lowering.emit('Mul', [x, x]), -0.5)]);
  const slope = lowering.emit('Mul', [x, times(bell, 1 / Math.sqrt(2 * Math.PI))]);
  return lowering.emit('Mul', [dy, lowering.emit('Add', [cdf, slope])]);
}
