/** Where a started experiment stands, read from its runs. */
import type { StartedExperiment, StageProgress } from '../../shared/api/experiments';
import { isLive, type RunRow, type RunState } from '../../shared/api/run-rows';
import { experimentCommand } from '../../shared/experiment-command';
import { figuresOf } from '../experiment-report';
import { comparedPoints } from '../experiments';
import type { Host } from '../host';
import type { Started } from '../started-experiments';

/** What runs do not tell. */
export interface Doing {
  /** The run of its next stage is being made. */
  making: boolean;
  /** Why that could not be done. */
  problem: { message: string; hint: string | null } | null;
}

export function describeStarted(
  host: Host,
  started: Started,
  rowOf: (run: string) => RunRow,
  doing: Doing,
): StartedExperiment {
  const { experiment, record } = started;
  const settings = record.settings.map((setting) => setting.join('='));
  const rows = started.stages.map(({ run }) => (run === undefined ? null : rowOf(run)));
  const stages = started.stages.map(({ stage }, place) => {
    const row = rows[place];
    const isCompared = experiment.comparison.stages.includes(stage.id);
    const run = row?.id ?? null;
    return {
      id: stage.id,
      run,
      state: row?.state ?? null,
      figures: run !== null && isCompared ? figures(host, started, run) : null,
    };
  });
  const state = stateOf(stages, doing);
  const broken = rows.find((row) => row?.state === state && row.failure !== null);
  return {
    id: record.name,
    experiment: experiment.id,
    data: record.data,
    labelled: record.labelled,
    settings,
    startedAt: record.startedAt,
    state,
    problem: broken ? { message: broken.failure!, hint: broken.hint } : doing.problem,
    stages,
    commandLine: experimentCommand({ ...record, settings }),
  };
}

/** Of the stage at work, else of the first that is not done: the others wait for it. */
function stateOf(stages: readonly StageProgress[], { making, problem }: Doing): RunState {
  const states = stages.map(({ state }) => state);
  const atWork = states.find((state) => state && isLive(state)) ?? states.find((state) => state === 'queued');
  if (atWork) return atWork;
  if (making) return 'queued';
  const open = stages.find(({ state }) => state !== 'done');
  if (!open) return 'done';
  return open.state ?? (problem ? 'failed' : 'stopped');
}

function figures(host: Host, { experiment }: Started, run: string): StageProgress['figures'] {
  const points = comparedPoints(host, experiment, run).filter(({ value }) => Number.isFinite(value));
  return points.length > 0 ? figuresOf(points) : null;
}
