/** Training at a terminal: shows it, listens for Ctrl-C, and says what can be done next. */
import type { RunnerMessage } from '../../shared/protocol';
import type { Host } from '../host';
import type { CheckpointFile } from '../checkpoints';
import type { Run } from '../store/runs';
import type { TrainEnd, TrainHooks } from '../supervisor/supervisor';
import type { Context } from './context';
import { duration, epochs, integer, parts, percent } from './format';
import { ProgressView } from './progress-view';

/**
 * @param start trains or continues the run.
 * @returns the exit code: 0 where it ended as asked (done, or stopped by the first Ctrl-C), else 1.
 */
export async function watchTraining(
  context: Context,
  host: Host,
  run: Run,
  start: (hooks: TrainHooks) => Promise<TrainEnd>,
): Promise<0 | 1> {
  const view = new ProgressView(context);
  const startedAt = Date.now();
  const release = context.terminal.onInterrupt(interrupter(host, run.id, view));
  let end: TrainEnd;
  try {
    end = await start({
      onMessage: (message) => show(context, view, message),
      onRefused: (checkpoint, message) => {
        view.note(`${message}\nTrying the checkpoint before it.`);
        context.emit({ type: 'checkpoint-refused', checkpoint: checkpointLine(checkpoint), message });
      },
    });
  } finally {
    release();
    view.end();
  }
  const after = host.store.runs.get(run.id);
  const { status, failure, hint, exitCode, exitSignal } = end;
  const knn = end.result?.knn ?? null;
  context.emit({
    type: 'end',
    run: run.id,
    status,
    step: after.step,
    epoch: after.epoch,
    knn,
    failure,
    hint,
    exitCode,
    exitSignal,
  });
  context.print(
    parts(
      `${TITLES[status]}: ${run.id},`,
      `step ${integer(after.step)}, epoch ${epochs(after.epoch)}${knn === null ? '' : `, k-NN ${percent(knn)}`},`,
      `after ${duration((Date.now() - startedAt) / 1000)}.`,
    ).replaceAll('  ', ' '),
  );
  if (failure) context.note(failure);
  if (hint) context.note(hint);
  for (const line of nextSteps(context, after)) context.print(line);
  return status === 'done' || status === 'stopped' ? 0 : 1;
}

const TITLES: Record<TrainEnd['status'], string> = {
  done: 'Done',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  failed: 'Failed',
};

/** The first Ctrl-C stops with a checkpoint, the second at once. */
function interrupter(host: Host, run: string, view: ProgressView): () => void {
  let asked = false;
  return () => {
    if (asked) {
      host.supervisor.kill(run);
      return;
    }
    asked = true;
    view.note('Stopping: finishing the step and writing a checkpoint. Ctrl-C again ends it at once.');
    host.supervisor.stop(run);
  };
}

function show(context: Context, view: ProgressView, message: RunnerMessage): void {
  view.hear(message);
  switch (message.type) {
    case 'progress':
    case 'metrics':
    case 'checkpoint-deleted': {
      const { version: _version, ...line } = message;
      context.emit(line);
      return;
    }
    case 'checkpoint': {
      context.emit({ type: 'checkpoint', ...message.checkpoint });
      return;
    }
    case 'event': {
      const { version: _version, ...line } = message;
      context.emit(line);
      // Each evaluation is on the progress line already.
      if (message.name !== 'evaluation') view.line(message.message);
      return;
    }
    case 'log': {
      view.note(message.message);
      return;
    }
    case 'ready':
    case 'work':
    case 'heartbeat':
    case 'pictures':
    case 'paused':
    case 'unpaused':
    case 'reply':
    case 'result':
    case 'failed':
      return;
    default:
      message satisfies never;
  }
}

function checkpointLine({ path, step }: CheckpointFile) {
  return { path, step };
}

/** What a person may want now, as lines to copy. */
function nextSteps(context: Context, run: Run): string[] {
  const line = (what: string, args: string) => `  ${what.padEnd(9)} ${context.commandLine(args)}`;
  const use = [
    line('evaluate', `eval knn ${run.id} --k 10,20,200`),
    line('explore', `embed ${run.id} --data <folder> --out embeddings.parquet`),
    line('export', `export ${run.id} --format onnx --out encoder.onnx`),
  ];
  const resume = line('resume', `resume ${run.id}`);
  if (run.status !== 'done') return ['Next:', resume, ...(run.step > 0 ? use : [])];
  return [
    'Next:',
    ...use,
    line('go on', `train <preset> --from ${run.id}`),
    line('look', `runs show ${run.id}`),
  ];
}
