/** The child that searches embedding sets, and the images that were dropped to search with. */
import { availableParallelism } from 'node:os';
import { LARGEST_THUMBNAIL } from '../../shared/api/files';
import type { CopyAnswer, CopyCheck, CopyFacts } from '../../shared/explorer/copies';
import {
  APPROXIMATE_FROM,
  searchRequests,
  type ImageSource,
  type SearchRequests,
} from '../../shared/explorer/requests';
import type { Attention, ImageRef, Query, QueryAnswer, QueryImage } from '../../shared/explorer/search';
import { setIndexSchema } from '../../shared/explorer/sets';
import { Recent } from '../../shared/recent';
import type { Host } from '../host';
import { cacheFolder, setFolder } from '../library';
import { setMemory } from '../search/memory';
import { imageSource, setSource, type ImagesAsked } from '../search/sources';
import type { EmbeddingSets } from './embedding-sets';
import type { OpenLibrary } from './open-library';
import { QueryFiles } from './query-files';
import { WarmService } from './warm-service';
import type { Runner } from '../supervisor/job-process';
import { runJob } from '../supervisor/run-job';

const THUMBNAIL_BYTES = 32 * 2 ** 20;
export class Search extends WarmService<SearchRequests> {
  readonly files = new QueryFiles();
  private readonly thumbnails = new Recent<Uint8Array<ArrayBuffer>>(THUMBNAIL_BYTES);

  constructor(
    private readonly childRunner: Runner,
    private readonly library: OpenLibrary,
    private readonly sets: EmbeddingSets,
    readonly nameOf: ImagesAsked['nameOf'],
  ) {
    const cacheDirectory = cacheFolder(library.folder);
    super(childRunner, { kind: 'search', cacheDirectory, memory: setMemory() }, searchRequests);
  }

  /** @throws UserError for what is not there, or cannot be searched for. */
  async query({ sets, like, unlike, ...rest }: Query, signal?: AbortSignal): Promise<QueryAnswer> {
    const { host } = this;
    const images = (refs: readonly ImageRef[]) => Promise.all(refs.map((ref) => this.image(ref)));
    const { unindexed, ...answer } = await this.call(
      'search',
      {
        ...rest,
        sets: sets.map((id) => setSource(host, id)),
        like: await images(like),
        unlike: await images(unlike),
      },
      signal,
    );
    const begun = unindexed.filter((id) => this.index(id));
    const note = begun.length > 0 ? ['An index is being built in the background.'] : [];
    return { ...answer, warnings: [...answer.warnings, ...note] };
  }

  /** Opens a set and its encoder. @throws UserError where it cannot be opened. */
  prepare(set: string, signal?: AbortSignal): Promise<null> {
    return this.call('warm', { set: setSource(this.host, set) }, signal);
  }

  /** Whether an image is a copy of something in a set. @throws UserError where it cannot be compared. */
  async checkCopy({ set, image, k }: CopyCheck, signal?: AbortSignal): Promise<CopyAnswer> {
    const payload = { set: setSource(this.host, set), image: await this.image(image), k };
    return this.call('check-copy', payload, signal);
  }

  /** Sizes and dates of some rows' files. @throws UserError where the set has no such row. */
  rowFacts(set: string, rows: readonly number[], signal?: AbortSignal): Promise<CopyFacts[]> {
    return this.call('row-facts', { set: setSource(this.host, set), rows: [...rows] }, signal);
  }

  /** Where the set's encoder looks in an image. @throws UserError where its encoder does not tell. */
  async attention(
    { set, image, other }: { set: string; image: ImageRef; other: ImageRef | null },
    signal?: AbortSignal,
  ): Promise<Attention> {
    const payload = {
      set: setSource(this.host, set),
      image: await this.image(image),
      other: other && (await this.image(other)),
    };
    return this.call('attention', payload, signal);
  }

  /** Takes in a file to search with. @throws UserError where it is no image. */
  async take(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<QueryImage> {
    const facts = await this.call('inspect', { name, bytes });
    return { ...facts, id: this.files.keep({ name, bytes }) };
  }

  /** JPEG, its longer side `size` px at most. @throws UserError where it cannot be shown. */
  async thumbnail(ref: ImageRef, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const key = `${ref.kind === 'row' ? ref.set : ref.kind} ${JSON.stringify(ref)}\0${size}`;
    const known = this.thumbnails.get(key);
    if (known) return known;
    const { jpeg } = await this.call('thumbnail', { image: await this.image(ref), size });
    const own = new Uint8Array(jpeg);
    // One that is looked at closely would push out hundreds of small ones.
    if (size <= LARGEST_THUMBNAIL) this.thumbnails.put(key, own, own.byteLength);
    return own;
  }

  /** The rows of a set may be others now, or it is gone: what is kept of it goes, and a large one gets its index. */
  rowsChanged(set: string): void {
    this.thumbnails.forgetUnder(`${set} `);
    this.tell('forget', { folder: setFolder(this.library.folder, set) });
    const known = this.sets.list().find(({ id }) => id === set);
    if (known && known.count >= APPROXIMATE_FROM) this.index(set);
  }

  /** Files of a data set may be others now: what is kept of its images goes. */
  dataChanged(path: string): void {
    this.thumbnails.forgetUnder('dataset ');
    this.tell('forget-data', { path });
  }

  /** Builds the approximate index of a set in the background. @returns false where that cannot be now. */
  private index(id: string): boolean {
    const { library, sets, childRunner } = this;
    if (!library.writable || sets.get(id).work !== null) return false;
    const folder = sets.folderOf(id);
    const threads = Math.max(1, Math.floor(availableParallelism() / 2));
    sets.work(id, 'indexing', async (hooks) => ({
      index: await runJob(childRunner, { kind: 'index-set', folder, threads }, setIndexSchema, {
        signal: hooks.signal,
        onMessage(message) {
          if (message.type !== 'progress') return;
          const { phase, done, total, rate, secondsLeft } = message;
          const doing = phase === 'indexing' ? 'Building the index' : 'Measuring the index';
          hooks.onProgress({ doing, done, total, rate, unit: 'vectors', secondsLeft });
        },
      }),
    }));
    return true;
  }

  private image(ref: ImageRef): Promise<ImageSource> {
    return imageSource(this.host, ref, this);
  }

  private get host(): Host {
    return this.library.host;
  }
}
