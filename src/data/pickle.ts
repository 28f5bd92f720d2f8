/**
 * Reads the pickles that CIFAR-10's Python version and the ground truth of revisited Oxford / Paris are made of, and
 * nothing else. A pickle is a program; this reader runs none of it: it knows numbers, strings, lists, tuples, dicts
 * and NumPy arrays of numbers, and refuses every other instruction by name. (Python's pickletools.py documents the
 * instructions.)
 */

/** A NumPy array of uint8 in C order; `bytes` is a view into the pickle. */
export class ByteArray {
  shape: number[] = [];
  bytes: Buffer = Buffer.alloc(0);
}

/** A NumPy array of wider numbers in C order, little-endian; a scalar has no shape. */
export class NumberArray {
  constructor(
    readonly shape: readonly number[],
    readonly values: readonly number[],
  ) {}
}

/** Stands for a NumPy dtype. */
class ByteType {
  isBigEndian = false;

  constructor(readonly code: string) {}
}

/** A name that the pickle refers to. */
class Global {
  constructor(readonly name: string) {}
}

export type Pickled =
  | null
  | boolean
  | number
  | string
  | Buffer
  | ByteArray
  | NumberArray
  | ByteType
  | Global
  | Pickled[]
  | Map<string, Pickled>;

/** Where a MARK was pushed. */
const MARK = Symbol('mark');
type Slot = Pickled | typeof MARK;

/**
 * Dict keys are strings: Python 2's byte strings and Python 3's bytes alike become UTF-8 text as keys.
 * @throws Error, with the byte's position, for anything that data sets do not need.
 */
export function readPickle(data: Buffer): Pickled {
  const stack: Slot[] = [];
  const memo = new Map<number, Slot>();
  let at = 0;
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > data.length)
      throw new Error(`the pickle is cut short at byte ${data.length}`);
    at += length;
    return data.subarray(at - length, at);
  };
  const uint = (length: number) => take(length).readUIntLE(0, length);
  const uint64 = () => Number(take(8).readBigUInt64LE());
  const line = () => {
    const end = data.indexOf(0x0a, at);
    const text = take((end < 0 ? data.length : end) - at).toString('utf8');
    take(1);
    return text;
  };
  const pop = (): Pickled => {
    const value = stack.pop();
    if (value === undefined || value === MARK) throw new Error(`the pickle is malformed before byte ${at}`);
    return value;
  };
  const toMark = (): Pickled[] => {
    const start = stack.lastIndexOf(MARK);
    if (start < 0) throw new Error(`the pickle is malformed before byte ${at}`);
    return stack.splice(start).slice(1) as Pickled[];
  };
  const top = (): Pickled => {
    const value = pop();
    stack.push(value);
    return value;
  };
  const tuple = (length: number) => stack.push(Array.from({ length }, pop).reverse());
  const append = (values: Pickled[]) => {
    const list = top();
    if (!Array.isArray(list)) throw new Error(`the pickle appends to what is no list at byte ${at}`);
    for (const value of values) list.push(value);
  };
  const setItems = (pairs: Pickled[]) => {
    const dict = top();
    if (!(dict instanceof Map)) throw new Error(`the pickle sets items of what is no dict at byte ${at}`);
    for (let i = 0; i + 1 < pairs.length; i += 2) dict.set(textOf(pairs[i]), pairs[i + 1]);
  };
  const replaceTop = (value: Pickled) => {
    const before = pop();
    stack.push(value);
    if (value !== before) for (const [key, slot] of memo) if (slot === before) memo.set(key, value);
  };
  const recall = (key: number) => {
    const value = memo.get(key);
    if (value === undefined) throw new Error(`the pickle refers to nothing at byte ${at}`);
    stack.push(value);
  };

  for (;;) {
    const position = at;
    const opcode = String.fromCharCode(take(1)[0]);
    // prettier-ignore
    switch (opcode) {
      case '\x80': take(1); break; // PROTO
      case '\x95': take(8); break; // FRAME
      case '.': return pop(); // STOP
      case '(': stack.push(MARK); break;
      case 'N': stack.push(null); break;
      case '\x88': stack.push(true); break;
      case '\x89': stack.push(false); break;
      case 'J': stack.push(take(4).readInt32LE()); break; // BININT
      case 'K': stack.push(uint(1)); break; // BININT1
      case 'M': stack.push(uint(2)); break; // BININT2
      case 'I': stack.push(Number(line())); break; // INT, as text
      case '\x8a': stack.push(long(take(uint(1)))); break; // LONG1
      case 'G': stack.push(take(8).readDoubleBE()); break; // BINFLOAT
      case 'U': case 'C': stack.push(take(uint(1))); break; // SHORT_BINSTRING, SHORT_BINBYTES
      case 'T': case 'B': stack.push(take(uint(4))); break; // BINSTRING, BINBYTES
      case '\x8e': stack.push(take(uint64())); break; // BINBYTES8
      case '\x8c': stack.push(take(uint(1)).toString('utf8')); break; // SHORT_BINUNICODE
      case 'X': stack.push(take(uint(4)).toString('utf8')); break; // BINUNICODE
      case ']': case ')': stack.push([]); break; // EMPTY_LIST, EMPTY_TUPLE
      case '}': stack.push(new Map<string, Pickled>()); break; // EMPTY_DICT
      case 'l': case 't': stack.push(toMark()); break; // LIST, TUPLE
      case '\x85': tuple(1); break;
      case '\x86': tuple(2); break;
      case '\x87': tuple(3); break;
      case 'a': { const value = pop(); append([value]); break; } // APPEND
      case 'e': append(toMark()); break; // APPENDS
      case 's': { const value = pop(); const key = pop(); setItems([key, value]); break; } // SETITEM
      case 'u': setItems(toMark()); break; // SETITEMS
      case 'q': memo.set(uint(1), top()); break; // BINPUT
      case 'r': memo.set(uint(4), top()); break; // LONG_BINPUT
      case '\x94': memo.set(memo.size, top()); break; // MEMOIZE
      case 'h': recall(uint(1)); break; // BINGET
      case 'j': recall(uint(4)); break; // LONG_BINGET
      case 'c': stack.push(knownGlobal(line(), line())); break; // GLOBAL
      case '\x93': { const name = textOf(pop()); stack.push(knownGlobal(textOf(pop()), name)); break; } // STACK_GLOBAL
      case 'R': { const args = pop(); stack.push(build(pop(), args)); break; } // REDUCE
      case 'b': { const state = pop(); replaceTop(withState(top(), state)); break; } // BUILD
      default:
        throw new Error(
          `the pickle uses instruction 0x${data[position].toString(16)} at byte ${position}, which data sets do not need`,
        );
    }
  }
}

const KNOWN = new Set(['_reconstruct', 'ndarray', 'dtype', 'scalar']);

function knownGlobal(module: string, name: string): Global {
  // Protocol 2 writes bytes as a call that encodes text, and no bytes as a call without arguments.
  if (module === '_codecs' && name === 'encode') return new Global('encode');
  if (/^(__builtin__|builtins)$/.test(module) && name === 'bytes') return new Global('bytes');
  if (!/^numpy(\._?core\.multiarray)?$/.test(module) || !KNOWN.has(name)) {
    throw new Error(`the pickle wants to call ${module}.${name}; only NumPy arrays of numbers are read`);
  }
  return new Global(name);
}

/** The calls that the pickle of a NumPy array makes. */
function build(callee: Pickled, args: Pickled): Pickled {
  if (callee instanceof Global && Array.isArray(args)) {
    const [first, second] = args;
    if (callee.name === '_reconstruct') return new ByteArray();
    if (callee.name === 'dtype') return new ByteType(textOf(first));
    if (callee.name === 'scalar' && first instanceof ByteType) return numbersOf(first, [], bytesOf(second));
    if (callee.name === 'bytes' && args.length === 0) return Buffer.alloc(0);
    if (callee.name === 'encode' && typeof first === 'string' && /^latin-?1$/.test(textOf(second)))
      return Buffer.from(first, 'latin1');
  }
  throw new Error('the pickle calls something that is not a NumPy array');
}

/**
 * State of an array: (version, shape, dtype, isFortranOrder, bytes). Of a dtype's state only its byte order counts.
 * @returns what stands in the target's place from now on.
 */
function withState(target: Pickled, state: Pickled): Pickled {
  if (target instanceof ByteType) {
    if (Array.isArray(state) && state[1] === '>') target.isBigEndian = true;
    return target;
  }
  if (target instanceof ByteArray && Array.isArray(state)) {
    const [, shape, type, fortran, bytes] = state;
    const isPlain = fortran !== true && fortran !== 1 && Array.isArray(shape);
    if (type instanceof ByteType && isPlain) {
      const sides = shape.map(Number);
      if (!/^[|<>=]?u1$/.test(type.code)) return numbersOf(type, sides, bytesOf(bytes));
      target.shape = sides;
      target.bytes = bytesOf(bytes);
      return target;
    }
  }
  throw new Error('the pickle holds an array that is not of numbers in C order');
}

/** By NumPy's code: bytes of one number, and how it is read. */
const NUMBERS: Readonly<
  Record<string, readonly [size: number, read: (bytes: Buffer, at: number) => number]>
> = {
  i1: [1, (bytes, at) => bytes.readInt8(at)],
  u1: [1, (bytes, at) => bytes.readUInt8(at)],
  i2: [2, (bytes, at) => bytes.readInt16LE(at)],
  u2: [2, (bytes, at) => bytes.readUInt16LE(at)],
  i4: [4, (bytes, at) => bytes.readInt32LE(at)],
  u4: [4, (bytes, at) => bytes.readUInt32LE(at)],
  i8: [8, (bytes, at) => Number(bytes.readBigInt64LE(at))],
  u8: [8, (bytes, at) => Number(bytes.readBigUInt64LE(at))],
  f4: [4, (bytes, at) => bytes.readFloatLE(at)],
  f8: [8, (bytes, at) => bytes.readDoubleLE(at)],
};

function numbersOf({ code, isBigEndian }: ByteType, shape: number[], bytes: Buffer): NumberArray {
  const name = code.replace(/^[|<=]/, '');
  if (!Object.hasOwn(NUMBERS, name) || isBigEndian)
    throw new Error(`the pickle holds an array of "${code}"; only little-endian numbers are read`);
  const [size, read] = NUMBERS[name];
  const count = shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== count * size)
    throw new Error(`the pickle holds ${bytes.length} bytes for ${count} numbers of ${size}`);
  return new NumberArray(
    shape,
    Array.from({ length: count }, (_, i) => read(bytes, i * size)),
  );
}

function bytesOf(value: Pickled): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new Error('the pickle has something else where the bytes of an array belong');
}

/** Text, or Python 2's and 3's bytes that stand for it. */
function textOf(value: Pickled): string {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  throw new Error('the pickle has something else where a name belongs');
}

/** Little-endian two's complement. */
function long(bytes: Buffer): number {
  return bytes.length === 0 ? 0 : bytes.readIntLE(0, Math.min(6, bytes.length));
}
