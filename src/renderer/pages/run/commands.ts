/** What one does with a run: each asks the host and tells what came of it. */
import { exportUrl } from '../../../shared/api/files';
import type { RunRow } from '../../../shared/api/run-rows';
import { bytes } from '../../lib/format';
import { host } from '../../lib/host/client';
import { go } from '../../lib/router.svelte';
import { href } from '../../lib/routes';
import { toast, toastProblem } from '../../lib/toasts.svelte';

type Change = Omit<Parameters<typeof host.runs.change>[0], 'run'>;

/** Does it, and shows why not where it fails. @returns whether it was done. */
async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    toastProblem(error);
    return false;
  }
}

export const pauseOrContinue = ({ id, state }: RunRow): Promise<boolean> =>
  attempt(() => (state === 'paused' ? host.runs.unpause({ run: id }) : host.runs.pause({ run: id })));

export const stop = ({ id }: RunRow): Promise<boolean> => attempt(() => host.runs.stop({ run: id }));

export const kill = ({ id }: RunRow): Promise<boolean> => attempt(() => host.runs.kill({ run: id }));

export const resume = ({ id }: RunRow): Promise<boolean> => attempt(() => host.runs.resume({ run: id }));

export const change = ({ id }: RunRow, patch: Change): Promise<boolean> =>
  attempt(() => host.runs.change({ run: id, ...patch }));

/** Deletes it and goes to the runs, where it can be brought back for a while. */
export async function remove({ id, name }: RunRow): Promise<void> {
  await attempt(async () => {
    const { undoSeconds } = await host.runs.delete({ runs: [id] });
    go('/runs');
    toast(`${name} was deleted.`, {
      seconds: Math.min(30, undoSeconds),
      action: { title: 'Undo', run: () => attempt(() => host.runs.undelete({ runs: [id] })) },
    });
  });
}

export type ExportFormat = 'onnx' | 'safetensors';

/** Writes the encoder on the host, then saves it where the user wants it. */
export const exportEncoder = ({ id }: RunRow, checkpoint: string, format: ExportFormat): Promise<boolean> =>
  attempt(async () => {
    const written = await host.runs.export({ run: id, checkpoint, format });
    const url = exportUrl(written.id);
    if (window.selvedge) {
      const path = await window.selvedge.save(url);
      if (path !== null) toast(`The encoder was written to ${path}.`);
      return;
    }
    const link = document.createElement('a');
    link.href = url;
    link.download = written.file;
    link.click();
    toast(`${written.file}, ${bytes(written.bytes)}: the download has begun.`);
  });

/** Addresses of set-up pages that begin with this run. */
export const duplicateHref = (run: string): string => href('/new', { run });
export const branchHref = (run: string, checkpoint: string): string =>
  href('/new', { run, from: run, checkpoint });
export const fineTuneHref = (run: string, checkpoint: string): string =>
  href('/new', { preset: 'supervised-cifar10', from: run, checkpoint });
