/** The entries of an uncompressed tar file and where their bytes are (ustar, pax and GNU long names). */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../shared/errors';
import { isImageName } from './formats';
import { checkEntryCount, checkEntryName, type Limits } from './limits';
import type { Skipped, StoredFile } from './source';

const BLOCK = 512;
/** A long name or a pax header is text; more is no honest archive. */
const MAX_TEXT_BYTES = 2 ** 20;
const ENTRIES_A_TURN = 2000;

/** What pax and GNU headers say about the next entry. */
interface Overrides {
  path?: string;
  size?: number;
}

/**
 * Reads headers only. A name that occurs twice counts once, as the last one (what unpacking would leave).
 * @param file the tar on disk. @param archive its name in messages, where `file` is an unpacked copy.
 * @throws UserError for entries that lead outside, damaged headers and an archive that is cut short.
 */
export async function indexTar(
  file: string,
  archive: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<{ files: StoredFile[]; skipped: Skipped[] }> {
  const files = new Map<string, StoredFile>();
  const skipped: Skipped[] = [];
  const fd = openSync(file, 'r');
  try {
    const end = fstatSync(fd).size;
    const header = Buffer.alloc(BLOCK);
    let overrides: Overrides = {};
    let position = 0;
    for (let entries = 1; ; entries++) {
      if (position === end && entries > 1) break; // Some writers leave out the two empty blocks at the end.
      if (readSync(fd, header, 0, BLOCK, position) < BLOCK)
        throw cutShort(archive, `its header ${entries} is missing`);
      if (header.every((byte) => byte === 0)) break;
      checkSum(header, archive, position);
      checkEntryCount(archive, entries, limits);
      if (entries % ENTRIES_A_TURN === 0) {
        await nextTurn();
        signal?.throwIfAborted();
      }
      const type = String.fromCharCode(header[156]);
      const size = overrides.size ?? number(header, 124, 12);
      const offset = position + BLOCK;
      if (offset + size > end) {
        throw cutShort(
          archive,
          `${JSON.stringify(overrides.path ?? name(header))} ends ${offset + size - end} bytes after it`,
        );
      }
      position = offset + Math.ceil(size / BLOCK) * BLOCK;
      if (type === 'x' || type === 'L') {
        if (size > MAX_TEXT_BYTES) throw damaged(archive, `a name of ${size} bytes`);
        const text = Buffer.alloc(size);
        readSync(fd, text, 0, size, offset);
        overrides = type === 'L' ? { ...overrides, path: cString(text) } : { ...overrides, ...pax(text) };
        continue;
      }
      if (type === 'g' || type === 'K') continue;
      const path = (overrides.path ?? name(header)).replace(/^(\.\/)+/, '');
      overrides = {};
      checkEntryName(archive, path);
      if (type === '0' || type === '\0' || type === '7') {
        if (!path.endsWith('/')) files.set(path, { name: path, file, offset, length: size, zip: null });
      } else if (type !== '5' && isImageName(path)) {
        skipped.push({ path, reason: 'a link or special file inside of the archive' });
      }
    }
  } finally {
    closeSync(fd);
  }
  return { files: [...files.values()], skipped };
}

/** True where the block at the start of a file is a tar header. */
export function isTarHeader(block: Buffer): boolean {
  return block.length >= BLOCK && sumOf(block) === number(block, 148, 8) && block.some((byte) => byte !== 0);
}

function checkSum(header: Buffer, archive: string, position: number): void {
  if (sumOf(header) !== number(header, 148, 8))
    throw damaged(archive, `a wrong header check sum at byte ${position}`);
}

function sumOf(header: Buffer): number {
  let sum = 8 * 32;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i];
  return sum;
}

function name(header: Buffer): string {
  const short = cString(header.subarray(0, 100));
  const prefix = cString(header.subarray(257, 262)) === 'ustar' ? cString(header.subarray(345, 500)) : '';
  // GNU headers keep times where ustar keeps the prefix.
  return prefix && header[263] === 0x30 ? `${prefix}/${short}` : short;
}

/** An octal number, or a big-endian binary one where the top bit is set (GNU). */
function number(header: Buffer, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if ((field[0] & 0x80) === 0) return parseInt(cString(field).trim() || '0', 8);
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, field[0] & 0x7f);
}

/** Records of the form "length key=value\n". */
function pax(text: Buffer): Overrides {
  const overrides: Overrides = {};
  for (let start = 0; start < text.length;) {
    const space = text.indexOf(0x20, start);
    const length = space < 0 ? 0 : Number(text.toString('latin1', start, space));
    if (!(length > 0)) break;
    const [key, ...value] = text.toString('utf8', space + 1, start + length - 1).split('=');
    if (key === 'path') overrides.path = value.join('=');
    if (key === 'size') overrides.size = Number(value.join('='));
    start += length;
  }
  return overrides;
}

function cString(bytes: Buffer): string {
  const zero = bytes.indexOf(0);
  return bytes.toString('utf8', 0, zero < 0 ? bytes.length : zero);
}

function cutShort(archive: string, detail: string): UserError {
  return new UserError(`The archive ${archive} is cut short: ${detail}.`, 'Copy or download it again.');
}

function damaged(archive: string, detail: string): UserError {
  return new UserError(`The archive ${archive} is damaged: ${detail}.`, 'Copy or download it again.');
}
