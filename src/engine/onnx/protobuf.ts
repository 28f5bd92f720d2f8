/** The protobuf wire format, as far as ONNX models need it: varint, 32-bit and length-delimited fields. */

/** Collects the fields of one message. Field numbers are those of onnx.proto. */
export class Message {
  private readonly chunks: Uint8Array[] = [];
  private size = 0;

  /** int32, int64, enum. */
  int(field: number, value: number | bigint): this {
    return this.push(varint(field << 3), varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.push(varint((field << 3) | 5), bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.push(varint((field << 3) | 2), varint(value.length), value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    this.push(varint((field << 3) | 2), varint(value.size));
    // Not push(...chunks): a large model has more chunks than a call may have arguments.
    for (const chunk of value.chunks) this.chunks.push(chunk);
    this.size += value.size;
    return this;
  }

  encode(): Uint8Array {
    const out = new Uint8Array(this.size);
    let offset = 0;
    for (const chunk of this.chunks) {
      out.set(chunk, offset);
      offset += chunk.length;
    }
    return out;
  }

  private push(...chunks: Uint8Array[]): this {
    for (const chunk of chunks) {
      this.chunks.push(chunk);
      this.size += chunk.length;
    }
    return this;
  }
}

/** Base 128, lowest group first; negative numbers as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  do {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest ? group | 0x80 : group);
  } while (rest);
  return Uint8Array.from(out);
}
