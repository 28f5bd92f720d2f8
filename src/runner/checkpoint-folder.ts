/** The checkpoints of one run: names, which are kept, and the ones already there. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointInfo } from '../shared/checkpoint-info';
import { removeTemporaries, type WriteChunk } from './atomic-write';
import { readCheckpointMeta, writeCheckpoint, type Checkpoint } from './checkpoint';

const NAME = /^step-\d+\.safetensors$/;

export const checkpointName = (step: number) => `step-${String(step).padStart(6, '0')}.safetensors`;

/**
 * What may be deleted: all but the newest `keepLast`, the best by k-NN and the final one.
 * Of two equally good ones the earlier is the best.
 */
export function superseded(checkpoints: readonly CheckpointInfo[], keepLast: number): CheckpointInfo[] {
  const newest = checkpoints.toSorted((a, b) => b.step - a.step).slice(0, keepLast);
  const [best] = checkpoints
    .filter(({ knn }) => knn !== null)
    .sort((a, b) => b.knn! - a.knn! || a.step - b.step);
  const kept = new Set([...newest, best, ...checkpoints.filter(({ kind }) => kind === 'final')]);
  return checkpoints.filter((checkpoint) => !kept.has(checkpoint));
}

export interface FolderEvents {
  onSaved(checkpoint: CheckpointInfo): void;
  onDeleted(path: string): void;
}

/** Used by one process at a time, as the run is. */
export class CheckpointFolder {
  private constructor(
    private readonly path: string,
    private readonly keepLast: number,
    private readonly events: FolderEvents,
    private known: CheckpointInfo[],
  ) {}

  /**
   * Creates the folder where it is missing and clears what a killed process left half-written. Files that are not
   * readable checkpoints of `run` are left alone.
   * @param upTo forget checkpoints of later steps: training goes on from here and will write them again.
   */
  static async open(
    path: string,
    run: string,
    keepLast: number,
    upTo: number,
    events: FolderEvents,
  ): Promise<CheckpointFolder> {
    await mkdir(path, { recursive: true });
    await removeTemporaries(path);
    const known: CheckpointInfo[] = [];
    for (const name of (await readdir(path)).filter((name) => NAME.test(name)).sort()) {
      const file = join(path, name);
      const meta = await readCheckpointMeta(file).catch(() => null);
      if (meta?.run === run && meta.step <= upTo) known.push(infoOf(file, meta, meta.bytes));
    }
    return new CheckpointFolder(path, keepLast, events, known);
  }

  /** The best k-NN accuracy among the checkpoints, in [0, 1]; null where none was measured. */
  get bestKnn(): number | null {
    const values = this.known.flatMap(({ knn }) => knn ?? []);
    return values.length > 0 ? Math.max(...values) : null;
  }

  /** Writes a checkpoint, then deletes those it supersedes. @throws UserError where the disk is full. */
  async save(checkpoint: Checkpoint, write?: WriteChunk): Promise<void> {
    const path = join(this.path, checkpointName(checkpoint.meta.step));
    const bytes = await writeCheckpoint(path, checkpoint, write);
    const info = infoOf(path, checkpoint.meta, bytes);
    this.known = [...this.known.filter((other) => other.path !== path), info];
    this.events.onSaved(info);
    for (const old of superseded(this.known, this.keepLast)) {
      await rm(old.path, { force: true });
      this.known = this.known.filter((other) => other !== old);
      this.events.onDeleted(old.path);
    }
  }
}

function infoOf(path: string, meta: Checkpoint['meta'], bytes: number): CheckpointInfo {
  const { step, epoch, kind, knn } = meta;
  return { path, step, epoch, bytes, kind, knn };
}
