/**
 * The approximate index of an open set: opened when first used, checked byte for byte while it is, and given up, with
 * the reason, where it turns out to be of no use. Whoever asked then searches exactly and has it built again.
 */
import { ApproximateIndex } from '../../explorer/search/approximate';
import { wholeChecksumAside } from '../../explorer/search/checksum';
import {
  beginWalk,
  endWalk,
  indexFactsFile,
  indexFile,
  indexState,
  type IndexFacts,
} from '../../explorer/search/index-file';
import type { SetManifest } from '../../explorer/set-files';
import { messageOf } from '../../shared/errors';
import type { SetSource } from '../../shared/explorer/requests';
import { stampOf } from './stamp';

/** `why`, as a sentence without its full stop. */
type Opened = { index: ApproximateIndex } | { why: string };

export class SetIndex {
  private opened: Opened | undefined;
  private stamp: string | undefined;
  private readonly closing = new AbortController();

  /** @param count whole rows of the set. */
  constructor(
    private readonly source: SetSource,
    private readonly manifest: SetManifest,
    private readonly count: number,
  ) {}

  /** @returns what `work` does, or why the index cannot be used: looked at again where its file changed. */
  use<T>(work: (index: ApproximateIndex) => T): T | { why: string } {
    const { folder } = this.source;
    const stamp = stampOf([indexFactsFile(folder), indexFile(folder)]);
    if (!this.opened || this.stamp !== stamp) this.opened = this.open();
    this.stamp = stamp;
    if ('why' in this.opened) return this.opened;
    beginWalk(folder);
    try {
      return work(this.opened.index);
    } catch (error) {
      return (this.opened = this.unusable(`cannot be searched (${messageOf(error)})`));
    } finally {
      endWalk(folder);
    }
  }

  close(): void {
    this.closing.abort();
  }

  private open(): Opened {
    const { folder, name } = this.source;
    const { manifest, count } = this;
    const state = indexState(folder, manifest, count);
    if (state.kind === 'none') return { why: `"${name}" has no index yet` };
    if (state.kind === 'unusable') return this.unusable(state.why);
    try {
      const opened = { index: ApproximateIndex.open(indexFile(folder), { size: manifest.size, count }) };
      void this.check(opened, state.facts);
      return opened;
    } catch (error) {
      return this.unusable(`cannot be opened (${messageOf(error)})`);
    }
  }

  /** What the samples of {@link indexState} missed. Never rejects. */
  private async check(opened: Opened, { whole }: IndexFacts): Promise<void> {
    const why = await wholeChecksumAside(indexFile(this.source.folder), this.closing.signal).then(
      (sum) => (sum === whole ? null : 'is damaged'),
      (error: unknown) => `cannot be read (${messageOf(error)})`,
    );
    if (why !== null && this.opened === opened) this.opened = this.unusable(why);
  }

  private unusable(why: string): { why: string } {
    return { why: `The index of "${this.source.name}" ${why}` };
  }
}
