/** Safetensors files on disk: read tensor by tensor, so that only what is asked for takes memory; written atomically. */
import { open, type FileHandle } from 'node:fs/promises';
import { messageOf, UserError } from '../shared/errors';
import { writeAtomically, type WriteChunk } from './atomic-write';
import {
  decodeHeader,
  decodeTensor,
  encodeSafetensors,
  headerLength,
  type Header,
  type Metadata,
  type SafeTensor,
  type SafeTensors,
} from './safetensors';

export interface TensorFile {
  readonly metadata: Metadata;
  readonly tensors: Record<string, SafeTensor>;
}

/**
 * @param want which tensors to read, by name; all by default.
 * @throws UserError naming the file and what is wrong with it: missing, truncated, or another format.
 */
export async function readTensorFile(
  path: string,
  want: (name: string) => boolean = () => true,
): Promise<TensorFile> {
  return withFile(path, async (file, size) => {
    const { header, dataStart } = await readHeader(file, size);
    const tensors: Record<string, SafeTensor> = {};
    for (const tensor of header.tensors)
      if (want(tensor.name))
        tensors[tensor.name] = decodeTensor(
          tensor,
          await readExactly(file, dataStart + tensor.start, tensor.end - tensor.start),
        );
    return { metadata: header.metadata, tensors };
  });
}

/** Only what the file says about itself. @throws UserError as readTensorFile. */
export async function readTensorHeader(path: string): Promise<Header & { readonly bytes: number }> {
  return withFile(path, async (file, size) => ({ ...(await readHeader(file, size)).header, bytes: size }));
}

/** @returns the file's size, bytes. @throws UserError where the disk is full or may not be written to. */
export function writeTensorFile(
  path: string,
  tensors: SafeTensors,
  metadata: Metadata = {},
  write?: WriteChunk,
): Promise<number> {
  return writeAtomically(path, encodeSafetensors(tensors, metadata), write);
}

async function withFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    return await use(file, (await file.stat()).size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UserError(`There is no file ${path}`, 'Check the path, or choose another checkpoint.');
    throw new UserError(
      `Could not read ${path}: ${messageOf(error)}`,
      'Choose another checkpoint: a safetensors file of Selvedge, or of torchvision or timm weights.',
    );
  } finally {
    await file?.close();
  }
}

async function readHeader(file: FileHandle, size: number): Promise<{ header: Header; dataStart: number }> {
  const first = await readExactly(file, 0, Math.min(8, size));
  const length = headerLength(first, size);
  const header = decodeHeader(await readExactly(file, 8, length), size - 8 - length);
  return { header, dataStart: 8 + length };
}

/** A buffer of its own, so that typed arrays on it are aligned. */
async function readExactly(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length;) {
    const chunk = Math.min(length - offset, 1 << 30);
    const { bytesRead } = await file.read(bytes, offset, chunk, position + offset);
    if (bytesRead === 0) throw new Error('it ended while it was read');
    offset += bytesRead;
  }
  return bytes;
}
