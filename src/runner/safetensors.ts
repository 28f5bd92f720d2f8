/**
 * The safetensors format: tensors by name in one flat file, as PyTorch, timm and Hugging Face read and write it.
 * Layout: header length (u64, little-endian), header (JSON), tensor bytes. https://github.com/huggingface/safetensors
 */
import * as z from 'zod';

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

export interface SafeTensor {
  /** `I64` holds PyTorch's counters, `BOOL` is one byte an element. */
  readonly dtype: 'F32' | 'I32' | 'I64' | 'U8' | 'BOOL';
  readonly shape: readonly number[];
  readonly data: TensorData;
}
export type SafeTensors = Readonly<Record<string, SafeTensor>>;
export type Metadata = Readonly<Record<string, string>>;

/** Bytes an element. The half and double floats are read (as float32) but never written. */
const ITEM_BYTES = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, U8: 1, BOOL: 1 } as const;
type StoredDType = keyof typeof ITEM_BYTES;

/** The reference implementation's own limit: a longer header is an attack or not a header. */
export const MAX_HEADER_BYTES = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).optional() })
  .catchall(entrySchema);

/** Where a tensor lies: bytes [start, end) after the header. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface Header {
  readonly metadata: Metadata;
  /** In the order of their bytes. */
  readonly tensors: readonly StoredTensor[];
}

/** The file's parts in order: header first, then every tensor's bytes (views, not copies). */
export function encodeSafetensors(tensors: SafeTensors, metadata: Metadata = {}): Uint8Array[] {
  // Wide elements first, so that every tensor is aligned to its element; then by name, so that equal content
  // gives equal bytes.
  const names = Object.keys(tensors).sort(
    (a, b) => ITEM_BYTES[tensors[b].dtype] - ITEM_BYTES[tensors[a].dtype] || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let offset = 0;
  for (const name of names) {
    const { dtype, shape, data } = tensors[name];
    if (data.byteLength !== sizeOf(shape) * ITEM_BYTES[dtype])
      throw new Error(`"${name}" is ${dtype}[${shape.join(', ')}] but holds ${data.byteLength} bytes`);
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  return [encodeHeader(header), ...names.map((name) => bytesOf(tensors[name].data))];
}

function encodeHeader(header: unknown): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded, ' ');
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(bytes, 8);
  return bytes;
}

/** The header's length in bytes from a file's first eight. @throws Error where it cannot be one. */
export function headerLength(first: Uint8Array, fileBytes: number): number {
  if (fileBytes < 8 || first.byteLength < 8)
    throw new Error(`it has ${fileBytes} bytes, too few for a header`);
  const length = Buffer.from(first.buffer, first.byteOffset, 8).readBigUInt64LE(0);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw new Error('it does not begin with the length of a header: it is not a safetensors file');
  if (Number(length) > fileBytes - 8)
    throw new Error(`its header should take ${length} bytes, but only ${fileBytes - 8} follow`);
  return Number(length);
}

/**
 * Reads and checks a header: every tensor's bytes match its shape, and together they cover the data exactly.
 * @param dataBytes bytes that follow the header.
 * @throws Error with what is wrong.
 */
export function decodeHeader(json: Uint8Array, dataBytes: number): Header {
  const { __metadata__: metadata = {}, ...entries } = parseHeader(json);
  const tensors = Object.entries(entries)
    .map(([name, entry]) => stored(name, entry))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let expected = 0;
  for (const { name, start, end } of tensors) {
    if (start < expected) throw new Error(`tensor "${name}" overlaps the one before it`);
    if (start > expected) throw new Error(`${start - expected} bytes before tensor "${name}" belong to none`);
    expected = end;
  }
  if (expected > dataBytes)
    throw new Error(`its tensors take ${expected} bytes, but only ${dataBytes} are there: it is truncated`);
  if (expected < dataBytes) throw new Error(`${dataBytes - expected} bytes at its end belong to no tensor`);
  return { metadata, tensors };
}

function parseHeader(json: Uint8Array): z.infer<typeof headerSchema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw new Error('its header is not JSON: it is not a safetensors file, or it is damaged');
  }
  const header = headerSchema.safeParse(parsed);
  if (header.success) return header.data;
  const [issue] = header.error.issues;
  throw new Error(`its header is malformed at ${issue.path.join('.') || 'its root'}: ${issue.message}`);
}

function stored(name: string, entry: z.infer<typeof entrySchema>): StoredTensor {
  const [start, end] = entry.data_offsets;
  if (!Object.hasOwn(ITEM_BYTES, entry.dtype))
    throw new Error(
      `tensor "${name}" has dtype ${entry.dtype}; known are ${Object.keys(ITEM_BYTES).join(', ')}`,
    );
  const dtype = entry.dtype as StoredDType;
  if (end - start !== sizeOf(entry.shape) * ITEM_BYTES[dtype])
    throw new Error(`tensor "${name}" is ${dtype}[${entry.shape.join(', ')}] but takes ${end - start} bytes`);
  return { name, dtype, shape: entry.shape, start, end };
}

/** A tensor from its own bytes; `bytes` must start at an 8-byte boundary of its buffer. */
export function decodeTensor({ dtype, shape }: StoredTensor, bytes: Uint8Array): SafeTensor {
  const { buffer, byteOffset } = bytes;
  const n = sizeOf(shape);
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer, byteOffset, n) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer, byteOffset, n) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer, byteOffset, n) };
    case 'U8':
    case 'BOOL':
      return { dtype, shape, data: bytes };
    case 'F64':
      return { dtype: 'F32', shape, data: Float32Array.from(new Float64Array(buffer, byteOffset, n)) };
    case 'F16':
      return {
        dtype: 'F32',
        shape,
        data: Float32Array.from(new Uint16Array(buffer, byteOffset, n), halfToFloat),
      };
    case 'BF16':
      return { dtype: 'F32', shape, data: widenBFloat16(new Uint16Array(buffer, byteOffset, n)) };
    default:
      return dtype satisfies never;
  }
}

/** IEEE 754 binary16 to a number. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
function widenBFloat16(values: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(values, (bits) => bits << 16).buffer);
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
