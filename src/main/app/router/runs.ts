/** Procedures of runs. */
import { canResume, isLive, type RunRow } from '../../../shared/api/run-rows';
import { UserError } from '../../../shared/errors';
import { evaluateEncoder } from '../../encoder-jobs';
import { createFineTuning, fineTuningsOf, planFineTuning } from '../../fine-tuning';
import { createRun } from '../../run-actions';
import { commandLine, settingText } from '../command-line';
import { UNDO_SECONDS } from '../deletion';
import { machineSettings } from '../drafts';
import { configFile, describeRun, evaluationsOf } from '../run-detail';
import { readSettings } from '../settings';
import { os, type Parts } from './parts';

export function runProcedures(parts: Parts) {
  const { library, bus, queue, rows, setUp, dataSets, exports, deletion } = parts;

  /** The run in training here. @throws UserError where it is not. */
  const training = (run: string): RunRow => {
    const row = rows.get(run);
    if (queue.training?.run === run) return row;
    throw new UserError(`Run ${row.name} is not in training.`, 'It may have ended just now.', 'usage');
  };

  return {
    get: os.runs.get.handler(({ input: { run } }) => {
      const { host } = library;
      const live = queue.training?.run === run ? queue.training.live : null;
      // What the child said is in the store before it is read, and told: the events after `seq` are news.
      host.supervisor.flush(run);
      live?.tellPoints();
      return {
        ...describeRun(host, run),
        row: rows.get(run),
        progress: live?.progress ?? null,
        commandLine: commandLine(configFile(host, run), { changes: {}, weights: undefined, name: null }),
        seq: bus.seq,
      };
    }),

    sparklines: os.runs.sparklines.handler(({ input: { runs, metric, points } }) =>
      library.host.store.rows.sparklines(runs, metric, points),
    ),

    create: os.runs.create.handler(async ({ input }) => {
      const host = library.owned;
      const { config, parent } = await setUp.complete(input);
      const { id } = createRun(host, config, {
        name: input.name?.trim() || undefined,
        parent: parent ?? undefined,
      });
      queue.add(id);
      dataSets.countChanged(config.data.path);
      return rows.get(id);
    }),

    stop: os.runs.stop.handler(({ input: { run } }) => {
      library.checkWritable();
      if (!queue.cancel(run)) {
        training(run);
        queue.stop();
      }
      return rows.get(run);
    }),

    kill: os.runs.kill.handler(({ input: { run } }) => {
      library.checkWritable();
      training(run);
      queue.kill();
      return rows.get(run);
    }),

    pause: os.runs.pause.handler(({ input: { run } }) => {
      const { supervisor } = library.owned;
      training(run);
      supervisor.pause(run);
      return rows.get(run);
    }),

    unpause: os.runs.unpause.handler(({ input: { run } }) => {
      const { supervisor } = library.owned;
      training(run);
      supervisor.unpause(run);
      return rows.get(run);
    }),

    resume: os.runs.resume.handler(({ input: { run } }) => {
      library.checkWritable();
      queue.again(run);
      return rows.get(run);
    }),

    startQueue: os.runs.startQueue.handler(() => {
      library.checkWritable();
      queue.release();
      return parts.info();
    }),

    reorderQueue: os.runs.reorderQueue.handler(({ input: { runs } }) => {
      library.checkWritable();
      queue.reorder(runs);
      return [...queue.runs];
    }),

    change: os.runs.change.handler(({ input: { run, ...change } }) => {
      for (const changed of library.owned.store.rows.change(run, change)) parts.tellRow(changed);
      return rows.get(run);
    }),

    delete: os.runs.delete.handler(({ input: { runs } }) => {
      library.checkWritable();
      const doomed = runs.map((run) => rows.get(run));
      const live = doomed.find((row) => isLive(row.state));
      if (live) throw new UserError(`Run ${live.name} is in training.`, 'Stop it first.', 'usage');
      const deleted = deletion.delete(runs);
      for (const run of deleted) {
        queue.remove(run);
        bus.publish({ type: 'run-deleted', run });
      }
      for (const path of new Set(doomed.map((row) => row.data))) dataSets.countChanged(path);
      return { deleted, undoSeconds: UNDO_SECONDS };
    }),

    undelete: os.runs.undelete.handler(({ input: { runs } }) => {
      const back = deletion.undelete(runs);
      for (const run of back) {
        const { state } = parts.tellRow(run);
        if (state === 'queued') queue.add(run);
      }
      const found = runs.map((run) => rows.get(run));
      for (const path of new Set(found.map((row) => row.data))) dataSets.countChanged(path);
      return found;
    }),

    views: os.runs.views.handler(({ input: { run, count, round }, signal }) =>
      setUp.viewsOf(library.host.store.runs.get(run).config, count, round, signal),
    ),

    evaluate: os.runs.evaluate.handler(async ({ input, signal }) => {
      const host = library.owned;
      const { run, checkpoint, dataset, protocol } = input;
      const data = dataset === null ? undefined : dataSets.get(dataset).path;
      await evaluateEncoder(host, { run, checkpoint }, { data, protocol, signal });
      const evaluation = evaluationsOf(host, run).at(-1);
      if (!evaluation) throw new Error(`The evaluation of ${run} was not stored`);
      bus.publish({ type: 'evaluation', run, evaluation });
      return evaluation;
    }),

    fineTune: os.runs.fineTune.handler(async ({ input }) => {
      const host = library.owned;
      const { run: id, checkpoint, dataset, ...what } = input;
      const run = host.store.runs.get(id);
      const { path, labelled } = run.config.data;
      const machine = Object.entries(machineSettings(readSettings(library)));
      const planned = await planFineTuning(host, run, what, {
        data: dataset === null ? (labelled ?? path) : dataSets.get(dataset).path,
        set: machine.map(([setting, value]) => [setting, settingText(value)]),
        checkpoint,
      });
      for (const made of await createFineTuning(host, planned)) {
        const row = parts.tellRow(made.id);
        if (canResume(row.state)) queue.again(made.id);
        else if (row.state === 'queued' && row.queuePlace === null) queue.add(made.id);
        dataSets.countChanged(made.config.data.path);
      }
      return fineTuningsOf(host, id);
    }),

    fineTunings: os.runs.fineTunings.handler(({ input: { run } }) => fineTuningsOf(library.host, run)),

    export: os.runs.export.handler(({ input: { run, checkpoint, format }, signal }) =>
      exports.write(library.owned, { run, checkpoint }, format, signal),
    ),
  };
}
