/** A factor on a matrix product, or on one of its operands, becomes the product's alpha: attention's 1 / sqrt(d). */
import { uniformValue, type Graph, type Value } from '../graph/graph';
import { rewrite } from './rewrite';
import { countUses } from './uses';

export function foldProductScales(graph: Graph): Graph {
  const uses = countUses(graph);
  const usedOnce = new Set<number>();
  return rewrite(graph, (node, inputs, builder) => {
    const { op, attrs, outputs, scope } = node;
    if (op === 'BatchMatMul') {
      const a = unscaled(inputs.a);
      const b = unscaled(inputs.b);
      const alpha = ((attrs.alpha as number | undefined) ?? 1) * a.factor * b.factor;
      const result = builder.add(op, { a: a.value, b: b.value }, { ...attrs, alpha }, outputs, scope).outputs;
      if (uses.get(outputs[0]) === 1) usedOnce.add(result[0].id);
      return result;
    }
    const scaled = scaling(op, inputs);
    if (!scaled || scaled.value.node.op !== 'BatchMatMul' || !usedOnce.has(scaled.value.id)) return undefined;
    const product = scaled.value.node;
    const alpha = (product.attrs.alpha as number) * scaled.factor;
    return builder.add('BatchMatMul', product.inputs, { ...product.attrs, alpha }, outputs, scope).outputs;
  });
}

/** A value multiplied or divided by one number. */
function scaling(
  op: string,
  { a, b }: Readonly<Record<string, Value>>,
): { value: Value; factor: number } | undefined {
  if (op !== 'Multiply' && op !== 'RealDiv') return undefined;
  const right = uniformValue(b);
  if (right !== undefined && b.shape.every((n) => n === 1))
    return { value: a, factor: op === 'Multiply' ? right : 1 / right };
  const left = uniformValue(a);
  if (op === 'Multiply' && left !== undefined && a.shape.every((n) => n === 1))
    return { value: b, factor: left };
  return undefined;
}

function unscaled(value: Value): { value: Value; factor: number } {
  const scaled = scaling(value.node.op, value.node.inputs);
  return scaled && scaled.value.shape.join() === value.shape.join() ? scaled : { value, factor: 1 };
}
