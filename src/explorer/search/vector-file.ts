/** The vectors of a set read in parts: more than memory should hold, or a few rows here and there. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { bytesPerNumber, vectorsFile, type SetManifest } from '../set-files';

/** One read takes at most 2 GiB. */
const MOST_AT_ONCE = 2 ** 30;

export class VectorFile {
  readonly size: number;
  /** Whole rows in the file. */
  readonly count: number;
  private readonly descriptor: number;
  private readonly precision: 'float32' | 'float16';
  private readonly rowBytes: number;

  /** @throws Error where there is no such file. */
  constructor(folder: string, { recipe, size }: SetManifest) {
    this.precision = recipe.precision;
    this.size = size;
    this.rowBytes = size * bytesPerNumber(recipe.precision);
    this.descriptor = openSync(vectorsFile(folder, recipe.precision), 'r');
    this.count = Math.floor(fstatSync(this.descriptor).size / this.rowBytes);
  }

  /** @returns [count, size]. @throws Error where the file ends before. */
  read(start: number, count: number): Float32Array {
    const bytes = new Uint8Array(count * this.rowBytes);
    for (let done = 0; done < bytes.length;) {
      const read = readSync(
        this.descriptor,
        bytes,
        done,
        Math.min(MOST_AT_ONCE, bytes.length - done),
        start * this.rowBytes + done,
      );
      if (read === 0) throw new Error(`The vectors end at row ${start + Math.floor(done / this.rowBytes)}`);
      done += read;
    }
    return this.precision === 'float16'
      ? Float32Array.from(new Float16Array(bytes.buffer))
      : new Float32Array(bytes.buffer);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
