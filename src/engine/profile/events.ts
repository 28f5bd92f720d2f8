/** onnxruntime's profile, a file of JSON events, as time per node. */

/** One node of the ONNX model over all profiled runs. */
export interface NodeTime {
  /** The layer, e.g. "encoder.layer1.0.conv1"; empty outside of layers. */
  readonly layer: string;
  /** The step's op that it was lowered from, e.g. "Conv2DBackpropFilter"; "onnxruntime" for what it added. */
  readonly op: string;
  /** The ONNX op, e.g. "Gemm"; on a GPU, the program that ran. */
  readonly kernel: string;
  /** Where it ran: "cpu", or the GPU's provider in lower case. */
  readonly place: string;
  /** Milliseconds a run. */
  readonly milliseconds: number;
}

interface Event {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args: { readonly op_name?: string; readonly provider?: string };
}

/**
 * @param text the file. @param runs how many there are in it. @param warmup how many of them, at the start, do not
 * count.
 */
export function nodeTimes(text: string, runs: number, warmup: number): NodeTime[] {
  const events = JSON.parse(text) as Event[];
  // WebGPU's nodes only queue work; what the GPU did is told apart, by program.
  const programs = events.filter(({ cat }) => cat === 'Api');
  const nodes = events.filter(
    ({ cat, name, args }) =>
      cat === 'Node' &&
      name.endsWith('_kernel_time') &&
      !(programs.length > 0 && /WebGpu/.test(args.provider ?? '')),
  );
  const groups = new Map<string, Event[]>();
  for (const event of [...programs, ...nodes]) {
    const key = `${event.cat} ${event.name} ${event.args.op_name}`;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return [...groups.values()].map((group) => {
    const counted = group.slice(Math.round((group.length * warmup) / runs));
    const microseconds = counted.reduce((sum, { dur }) => sum + dur, 0);
    return { ...identify(group[0]), milliseconds: microseconds / 1000 / (runs - warmup) };
  });
}

/** Nodes are named "<layer>/<op>#<number>"; those that onnxruntime adds or fuses may carry a suffix, or no such name. */
function identify({ cat, name, args }: Event): Omit<NodeTime, 'milliseconds'> {
  const [node, , program] = cat === 'Api' ? name.split('&') : [name.replace(/_kernel_time$/, '')];
  const [, layer, op] = /^(.*)\/([^/#]+)#\d+/.exec(node) ?? [null, '', 'onnxruntime'];
  const place =
    cat === 'Api' ? 'webgpu' : (args.provider ?? 'CPU').replace('ExecutionProvider', '').toLowerCase();
  return layer.startsWith('output')
    ? { layer: '', op: 'output', kernel: program ?? args.op_name ?? '', place }
    : { layer, op, kernel: program ?? args.op_name ?? '', place };
}
