/** What one does with a run on its page: each asks the host and tells what went wrong. */
import { exportUrl } from '../../../shared/api/files';
import type { RunRow } from '../../../shared/api/run-rows';
import { bytes } from '../../lib/format';
import { host } from '../../lib/host/client';
import { href } from '../../lib/routes';
import { saveFromHost } from '../../lib/save';
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

export type ExportFormat = 'onnx' | 'safetensors';

/**
 * Writes the encoder on the host, then saves it where the user wants it.
 * @param checkpoint as the contract has it: "last", or a step.
 */
export const exportEncoder = ({ id }: RunRow, checkpoint: string, format: ExportFormat): Promise<boolean> =>
  attempt(async () => {
    toast(`Writing the encoder as ${format}…`);
    const written = await host.runs.export({ run: id, checkpoint, format });
    toast(`The encoder is written: ${written.file}, ${bytes(written.bytes)}.`);
    await saveFromHost(exportUrl(written.id), written.file);
  });

/** Addresses of set-up pages that begin with this run. */
export const duplicateHref = (run: string): string => href('/new', { run });
export const branchHref = (run: string, checkpoint: string): string =>
  href('/new', { run, from: run, checkpoint });
/** To the embeddings by a checkpoint, or to where they are made. @param step as text. */
export const exploreHref = (run: string, step: string): string =>
  href('/explore', { embed: `run:${run}`, checkpoint: step });
export const fineTuneHref = (run: string, checkpoint: string): string =>
  href('/new', { preset: 'finetune', from: run, checkpoint });
