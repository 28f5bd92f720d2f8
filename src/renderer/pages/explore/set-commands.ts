/** What one does with an embedding set: each asks the host and tells what went wrong. */
import { exportUrl } from '../../../shared/api/files';
import type { EmbeddingSet } from '../../../shared/explorer/sets';
import { embeddingSets } from '../../lib/embedding-sets.svelte';
import { bytes } from '../../lib/format';
import { host } from '../../lib/host/client';
import { saveFromHost } from '../../lib/save';
import { toast, toastProblem } from '../../lib/toasts.svelte';

/** Shows why not where it fails. */
async function attempt(work: () => Promise<EmbeddingSet>): Promise<void> {
  try {
    embeddingSets.take(await work());
  } catch (error) {
    toastProblem(error);
  }
}

export const update = ({ id }: EmbeddingSet): Promise<void> =>
  attempt(() => host.explorer.sets.update({ set: id }));

export const cancel = ({ id }: EmbeddingSet): Promise<void> =>
  attempt(() => host.explorer.sets.cancel({ set: id }));

export async function remove({ id, name }: EmbeddingSet): Promise<void> {
  try {
    await host.explorer.sets.remove({ set: id });
    toast(`Removed the embeddings “${name}”. The images are where they were.`);
  } catch (error) {
    toastProblem(error);
  }
}

export type SetFormat = 'parquet' | 'npy' | 'tsv';

export async function exportSet({ id }: EmbeddingSet, format: SetFormat): Promise<void> {
  try {
    toast('Writing the embeddings…');
    const written = await host.explorer.sets.export({ set: id, format });
    toast(`The embeddings are written: ${written.file}, ${bytes(written.bytes)}.`);
    await saveFromHost(exportUrl(written.id), written.file);
  } catch (error) {
    toastProblem(error);
  }
}
