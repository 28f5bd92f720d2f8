/**
 * The files beside an ONNX model that hold its weights ("external data"): only their names are in the model. Read from
 * the protobuf wire format, passing over everything else. https://onnx.ai/onnx/repo-docs/ExternalData.html
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';

type Kind = 'graph' | 'function' | 'node' | 'attribute' | 'sparse' | 'tensor' | 'entry' | 'text';

/** Fields of onnx.proto that lead to a tensor's external data; all others are passed over. */
const FIELDS: Readonly<Record<'model' | Exclude<Kind, 'text'>, Readonly<Record<number, Kind>>>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
  entry: { 1: 'text', 2: 'text' },
};

/**
 * Paths of the files that the model at `path` names, sorted; none where its weights are in itself.
 * @throws Error where it is no protobuf, or names a file outside of its own folder.
 */
export function externalFiles(path: string): string[] {
  const folder = dirname(path);
  const locations = new Set<string>();
  const file = new Window(path);
  try {
    walk(file, { start: 0, end: file.size }, FIELDS.model, (location) => locations.add(location));
  } finally {
    file.close();
  }
  return [...locations].sort().map((location) => {
    const within = relative(folder, join(folder, location));
    if (isAbsolute(location) || within === '' || /^\.\.([/\\]|$)/.test(within) || isAbsolute(within))
      throw new Error(`its weights are said to be in "${location}", which is not beside it`);
    return join(folder, within);
  });
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function walk(
  file: Window,
  range: Range,
  fields: Readonly<Record<number, Kind>>,
  onLocation: (location: string) => void,
): void {
  /** Of an entry: its key, then its value. */
  const texts: string[] = [];
  for (const { field, ...part } of messagesIn(file, range)) {
    const kind = fields[field] as Kind | undefined;
    if (kind === 'text') texts.push(file.text(part));
    else if (kind) walk(file, part, FIELDS[kind], onLocation);
  }
  if (texts.length === 2 && texts[0] === 'location') onLocation(texts[1]);
}

/** The length-delimited fields of a message: where they begin and end. */
function* messagesIn(file: Window, { start, end }: Range): Generator<Range & { field: number }> {
  for (let at = start; at < end;) {
    const tag = file.varint(at);
    const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    at = tag.end;
    if (wire === 0) at = file.varint(at).end;
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = file.varint(at);
      at = length.end + length.value;
      if (at <= end) yield { field, start: length.end, end: at };
    } else throw new Error(`it is no ONNX model (byte ${tag.end})`);
    if (at > end) throw new Error(`it is cut off or damaged at byte ${end}`);
  }
}

const WINDOW = 64 * 1024;

/** A file of which a few bytes are read here and there. */
class Window {
  readonly size: number;
  private readonly descriptor: number;
  private readonly bytes = Buffer.alloc(WINDOW);
  private from = 0;
  private to = 0;

  constructor(path: string) {
    this.descriptor = openSync(path, 'r');
    this.size = fstatSync(this.descriptor).size;
  }

  /** As a number: lengths and tags are far below 2^53. `end`: the byte after it. */
  varint(at: number): { value: number; end: number } {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = this.byte(at + shift);
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return { value, end: at + shift + 1 };
    }
    throw new Error(`it is no ONNX model (byte ${at})`);
  }

  text({ start, end }: Range): string {
    const bytes = Buffer.alloc(end - start);
    readSync(this.descriptor, bytes, 0, bytes.length, start);
    return bytes.toString('utf8');
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private byte(at: number): number {
    if (at < this.from || at >= this.to) {
      this.from = at;
      this.to = at + readSync(this.descriptor, this.bytes, 0, WINDOW, at);
      if (at >= this.to) throw new Error('it is cut off');
    }
    return this.bytes[at - this.from];
  }
}
