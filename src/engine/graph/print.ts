/** A graph as text, one node a line, so that a compiled step is read and not guessed. */
import type { Graph, Value } from './graph';

/** e.g. `%12 f32[2,8,8,16] = Conv2D(x: %3, filter: %7) {strides: [1,1]}  # encoder.conv1`. */
export function printGraph({ nodes, outputs }: Graph): string {
  const lines = nodes.map(({ op, inputs, attrs, outputs: results, scope }) => {
    const left = results.map((value) => `${name(value)} ${type(value)}`).join(', ');
    const operands = Object.entries(inputs).map(([key, value]) => `${key}: ${name(value)}`);
    const settings = Object.entries(attrs).filter(([, value]) => value !== undefined);
    const braces = settings.length
      ? ` {${settings.map(([key, value]) => `${key}: ${show(value)}`).join(', ')}}`
      : '';
    return `${left} = ${op}(${operands.join(', ')})${braces}${scope && `  # ${scope}`}`;
  });
  for (const [key, value] of Object.entries(outputs)) lines.push(`return ${key} = ${name(value)}`);
  return lines.join('\n');
}

const name = (value: Value): string => `%${value.id}`;
const SHORT = { float32: 'f32', int32: 'i32', bool: 'bool' } as const;
const type = (value: Value): string => `${SHORT[value.dtype]}[${value.shape.join(',')}]`;

function show(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `<${(value as Float32Array).length} numbers>`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
