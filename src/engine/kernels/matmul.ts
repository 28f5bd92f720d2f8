/** Matrix products: batched, transposed, scaled. */
import { identity, sameLayout, type Permutation } from '../lower/layout';
import type { Lowering } from '../lower/lowering';
import type { Kernel, KernelTable } from '../trace/kernel-table';
import type { Value } from '../graph/graph';
import { broadcastShape } from './inference';

interface MatMulAttrs {
  transposeA?: boolean;
  transposeB?: boolean;
  /** Factor of the product, folded in by a pass. */
  alpha?: number;
}

const matMul: Kernel = {
  infer: ({ a, b }, attrs) => {
    const { transposeA, transposeB } = attrs as MatMulAttrs;
    const [m, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
    const [other, n] = transposeB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
    if (inner !== other)
      throw new Error(
        `inner sizes ${inner} and ${other} of [${a.shape.join(', ')}] and [${b.shape.join(', ')}] differ`,
      );
    return [
      { shape: [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n], dtype: 'float32' },
    ];
  },
  lower: ({ inputs: { a, b }, attrs, outputs: [output] }, lowering) => {
    const { transposeA = false, transposeB = false, alpha = 1 } = attrs as MatMulAttrs;
    const left = operand(a, transposeA, lowering);
    const right = operand(b, transposeB, lowering);
    lowering.define(output, product(left, right, alpha, output.shape.length, lowering));
  },
};

interface Operand {
  readonly name: string;
  /** Whether its last two axes are to be swapped. */
  readonly transposed: boolean;
  readonly rank: number;
}

/** Takes an operand as it lies, if only its last two axes are swapped. */
function operand(value: Value, transposed: boolean, lowering: Lowering): Operand {
  const rank = value.shape.length;
  const own = identity(rank);
  const swapped: Permutation = [...own.slice(0, -2), rank - 1, rank - 2];
  const layouts = lowering.layoutsOf(value);
  const has = (layout: Permutation) => layouts.some((there) => sameLayout(there, layout));
  if (!has(own) && has(swapped))
    return { name: lowering.read(value, swapped), transposed: !transposed, rank };
  return { name: lowering.read(value), transposed, rank };
}

/** FusedMatMul transposes and scales by itself; Gemm does for matrices; else Transpose and Mul are written out. */
export function product(a: Operand, b: Operand, alpha: number, rank: number, lowering: Lowering): string {
  const plain = !a.transposed && !b.transposed && alpha === 1;
  if (!plain && lowering.target.fusedMatMul)
    return lowering.emit(
      'FusedMatMul',
      [a.name, b.name],
      { transA: a.transposed ? 1 : 0, transB: b.transposed ? 1 : 0, alpha: { float: alpha } },
      'com.microsoft',
    );
  if (!plain && rank === 2)
    return lowering.emit('Gemm', [a.name, b.name], {
      transA: a.transposed ? 1 : 0,
      transB: b.transposed ? 1 : 0,
      alpha: { float: alpha },
    });
  const straight = ({ name, transposed, rank: of }: Operand): string =>
    transposed ? lowering.transpose(name, [...identity(of - 2), of - 1, of - 2]) : name;
  const result = lowering.emit('MatMul', [straight(a), straight(b)]);
  return alpha === 1 ? result : lowering.emit('Mul', [result, lowering.scalar(alpha)]);
}

export const matMulKernels: KernelTable = { BatchMatMul: matMul };
