/** `selvedge runs show <run>`: all that is known about a run. */
import type { Command } from 'commander';
import { checkpointFiles } from '../../checkpoints';
import { findRun } from '../../find-run';
import type { Host } from '../../host';
import { runFolder } from '../../library';
import type { Context } from '../context';
import { decimal, epochs, integer, localTime, parts, percent, table } from '../format';
import { configLines } from '../summary';
import { weightsLines } from '../weights-lines';

/** Lines of the log that are shown to a person. */
const LOG_LINES = 10;

export function addRunsShow(runs: Command, context: Context): void {
  runs
    .command('show')
    .description('show the configuration, metrics, checkpoints, evaluations and history of a run')
    .argument('<run>', 'id, the beginning of an id, name, or "last"')
    .action((reference: string) =>
      context.withHost('read', (host) => {
        const found = gather(host, findRun(host.store.runs.list(), reference).id);
        context.emit({ type: 'run', ...found });
        context.print(text(context, found).join('\n'));
      }),
    );
}

function gather({ store, library }: Host, id: string) {
  const { childPid: _pid, childIdentity: _identity, ...run } = store.runs.get(id);
  return {
    ...run,
    folder: runFolder(library.folder, id),
    metrics: store.metrics.summaries(id).map(({ run: _run, ...summary }) => summary),
    checkpoints: checkpointFiles(library.folder, id, store.checkpoints.list(id)),
    evaluations: store.history.evaluations(id),
    embeddings: store.catalogue.embeddingFiles(id),
    events: store.history.events(id),
    log: store.history.log(id),
  };
}

function text(context: Context, run: ReturnType<typeof gather>): string[] {
  const lines = [
    `${run.id}${run.name === run.id ? '' : ` (${run.name})`}: ${run.status}`,
    ...configLines(run.config).map((line) => `  ${line}`),
    `  step ${integer(run.step)}, epoch ${epochs(run.epoch)} of ${epochs(run.config.epochs)}`,
    `  created ${localTime(run.createdAt)}${run.endedAt === null ? '' : `, ended ${localTime(run.endedAt)}`}`,
    `  ${run.folder}`,
  ];
  if (run.parent) lines.push(`  weights from run ${run.parent}`);
  if (run.failure) lines.push('', parts(run.failure, run.hint));
  lines.push(...weightsLines(run.events));
  if (run.metrics.length) {
    const cells = run.metrics.map((metric) => [
      metric.name,
      ...[metric.last, metric.best, metric.min, metric.max].map((value) =>
        value === null ? '' : decimal(value),
      ),
      integer(metric.lastStep),
    ]);
    lines.push('', table(['metric', 'last', 'best', 'min', 'max', 'step'], cells));
  }
  if (run.checkpoints.length) {
    const cells = run.checkpoints.map((file) => [
      integer(file.step),
      file.kind,
      file.knn === null ? '' : percent(file.knn),
      file.path,
    ]);
    lines.push('', table(['checkpoint', 'kind', 'k-NN', 'file'], cells));
  }
  if (run.evaluations.length) lines.push('', 'Evaluations');
  for (const evaluation of run.evaluations) {
    const { kind, step, data } = evaluation;
    lines.push(parts(`  ${kind}`, step !== null && `step ${integer(step)}`, JSON.stringify(data)));
  }
  if (run.events.length) lines.push('', 'History');
  for (const event of run.events) lines.push(`  ${localTime(event.time)}  ${event.message}`);
  const log = run.status === 'failed' ? run.log.slice(-LOG_LINES) : [];
  if (log.length) lines.push('', 'Last lines of the log', ...log.map((line) => `  ${line.text}`));
  if (['stopped', 'failed', 'interrupted', 'queued'].includes(run.status)) {
    lines.push('', `Continue it: ${context.commandLine(`resume ${run.id}`)}`);
  }
  return lines;
}
