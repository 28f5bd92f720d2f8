/** Files written for use elsewhere: windows fetch them by a random id. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { messageOf, UserError } from '../../shared/errors';
import { checkpointFiles, pickCheckpoint } from '../checkpoints';
import { exportEncoder } from '../encoder-jobs';
import type { Host } from '../host';
import { runFolder } from '../library';
import { attachment, problem } from './responses';

export class Exports {
  private readonly files = new Map<string, string>();

  /**
   * An encoder, into its run's folder.
   * @returns the id under which it is served.
   * @throws UserError where the run has no such weights, or the file cannot be written.
   */
  async write(
    host: Host,
    choice: { run: string; checkpoint: string },
    format: 'onnx' | 'safetensors',
    signal?: AbortSignal,
  ): Promise<{ id: string; file: string; bytes: number }> {
    const { store, library } = host;
    const files = checkpointFiles(library.folder, choice.run, store.checkpoints.list(choice.run));
    const { step } = pickCheckpoint(files, choice.run, choice.checkpoint);
    const folder = join(runFolder(library.folder, choice.run), 'exports');
    const out = join(folder, `${choice.run}-step-${step}.${format}`);
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw new UserError(`The folder ${folder} cannot be made: ${messageOf(error)}.`, 'Is the disk full?');
    }
    await exportEncoder(host, choice, { out, format, signal });
    return this.serve(out);
  }

  /** @returns the id under which an existing file is served. */
  async serve(file: string): Promise<{ id: string; file: string; bytes: number }> {
    const { size } = await stat(file);
    const id = randomBytes(12).toString('base64url');
    this.files.set(id, file);
    return { id, file: basename(file), bytes: size };
  }

  async answer(id: string): Promise<Response> {
    const file = this.files.get(id);
    const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
    if (file === undefined || !found) {
      return problem(404, 'This export is not there any more.', 'Export it again.');
    }
    const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
    const response = attachment(body, 'application/octet-stream', basename(file));
    response.headers.set('Content-Length', String(found.size));
    return response;
  }
}
