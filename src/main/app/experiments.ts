/**
 * Experiments in the app: each stage is a run in the queue, made when the one before it is done. Where one stands is
 * read from the library each time, so that it goes on after a restart; only what goes on just now is kept here.
 */
import type { ExperimentStart, StartedExperiment } from '../../shared/api/experiments';
import type { HostEvent } from '../../shared/api/events';
import { canResume, isLive } from '../../shared/api/run-rows';
import { messageOf, UserError } from '../../shared/errors';
import type { Experiment, Stage } from '../../shared/experiment';
import { settingPair } from '../../shared/setting-pair';
import {
  checkStages,
  createStage,
  findExperiment,
  recordExperiment,
  stageName,
  type ExperimentOptions,
} from '../experiments';
import {
  experimentOfRun,
  findStarted,
  optionsOf,
  startedExperiments,
  type Started,
} from '../started-experiments';
import { settingText } from './command-line';
import { machineSettings } from './drafts';
import { describeStarted, type Doing } from './experiment-state';
import type { OpenLibrary } from './open-library';
import type { Queue } from './queue';
import type { RunRows } from './run-rows';
import { readSettings } from './settings';

export interface ExperimentsContext {
  library: OpenLibrary;
  queue: Queue;
  rows: RunRows;
  /** Those that can be started. */
  askCatalogue(): Promise<Experiment[]>;
  publish(event: HostEvent): void;
  /** There is a new run on these images. */
  runCreated(data: string): void;
}

/** Changes are told this long after the first of them, milliseconds. */
const PERIOD = 250;

export class Experiments {
  private asked: Promise<Experiment[]> | undefined;
  /** Empty until they were asked for. */
  private known: readonly Experiment[] = [];
  /** Work on the experiments of these names: one at a time for each. */
  private readonly making = new Map<string, Promise<void>>();
  /** Background work that nobody waits for. */
  private readonly pending = new Set<Promise<void>>();
  /** Those of which no further stage is to begin. */
  private readonly halted = new Set<string>();
  private readonly problems = new Map<string, NonNullable<Doing['problem']>>();
  private readonly told = new Map<string, string>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private resting = false;

  constructor(private readonly context: ExperimentsContext) {}

  /** Those that can be started. */
  catalogue(): Promise<Experiment[]> {
    this.asked ??= this.context.askCatalogue().then(
      (found) => {
        this.known = found;
        return found;
      },
      (error: unknown) => {
        this.asked = undefined;
        throw error;
      },
    );
    return this.asked;
  }

  /** Those that were started, newest first. */
  async list(): Promise<StartedExperiment[]> {
    const experiments = await this.catalogue();
    return startedExperiments(this.context.library.host, experiments).map((one) => this.describe(one));
  }

  /**
   * Makes the run of the first stage and puts it into the queue.
   * @param data the images, absolute or "sample", and those for evaluation.
   * @throws UserError where a setting of any stage is wrong, or the name is taken.
   */
  async start(
    { experiment: id, name: given, settings }: Pick<ExperimentStart, 'experiment' | 'name' | 'settings'>,
    { data, labelled }: { data: string; labelled: string | null },
  ): Promise<StartedExperiment> {
    const { library } = this.context;
    library.checkWritable();
    const experiment = findExperiment(await this.catalogue(), id);
    const name = given ?? experiment.id;
    this.checkName(experiment, name);
    this.resting = false;
    const machine = Object.entries(machineSettings(readSettings(library)));
    const options = {
      name,
      data,
      labelled: labelled ?? undefined,
      set: [
        ...machine.map(([path, value]): [string, string] => [path, settingText(value)]),
        ...settings.flatMap((text) => [settingPair(text)].filter((pair) => pair !== undefined)),
      ],
    };
    await this.exclusively(name, async () => {
      await checkStages(library.owned, experiment, options);
      recordExperiment(library.owned, experiment, options);
      await this.begin(experiment, experiment.stages[0], options);
    });
    return this.get(name);
  }

  /**
   * Ends the stage at work; no other begins after it.
   * @throws UserError where nothing of it trains or waits.
   */
  async stop(name: string): Promise<StartedExperiment> {
    const { library, queue, rows } = this.context;
    library.checkWritable();
    const { stages } = await this.find(name);
    const runs = stages.flatMap(({ run }) => (run === undefined ? [] : [rows.get(run)]));
    const atWork = runs.find(({ id, state }) => isLive(state) && queue.training?.run === id);
    const waiting = runs.find(({ state }) => state === 'queued');
    if (atWork) {
      this.halted.add(name);
      queue.stop();
    } else if (waiting) queue.cancel(waiting.id);
    else if (this.making.has(name)) this.halted.add(name);
    else
      throw new UserError(
        `Nothing of the experiment "${name}" trains or waits.`,
        'It may have ended just now.',
        'usage',
      );
    return this.get(name);
  }

  /**
   * The first stage that is not done goes on from its newest checkpoint; where it has no run yet, it gets one.
   * @throws UserError where it is done, or at work.
   */
  async continue(name: string): Promise<StartedExperiment> {
    const { library, queue, rows } = this.context;
    library.checkWritable();
    const started = await this.find(name);
    const { state } = this.describe(started);
    const open = started.stages.find(({ run }) => run === undefined || rows.get(run).state !== 'done');
    if (!open) throw new UserError(`All stages of the experiment "${name}" are done.`, undefined, 'usage');
    if (!canResume(state)) {
      const what = state === 'queued' ? 'waits in the queue' : 'is in training';
      const hint = queue.held ? 'Start the queue: it waits from last time.' : undefined;
      throw new UserError(`The experiment "${name}" ${what} already.`, hint, 'usage');
    }
    this.adopt(started);
    this.resting = false;
    this.problems.delete(name);
    const { stage, run } = open;
    if (run === undefined)
      await this.exclusively(name, () => this.begin(started.experiment, stage, optionsOf(started.record)));
    else queue.again(run);
    return this.get(name);
  }

  /** A run has ended: where it was a stage that is done, the next one begins. */
  ended(run: string): void {
    const work = this.follow(run)
      .catch((error: unknown) => console.error(error))
      .finally(() => this.pending.delete(work));
    this.pending.add(work);
  }

  /** Tells the windows where that experiment stands which something is said of. */
  hear(event: HostEvent): void {
    if (event.type === 'run') this.changedBy(event.row);
    if (event.type === 'run-deleted') this.changedBy({ id: event.run, name: undefined });
  }

  /** No stage begins from now on. @returns when what was being made is made. */
  async rest(): Promise<void> {
    this.resting = true;
    clearTimeout(this.timer);
    await Promise.allSettled([...this.making.values(), ...this.pending]);
  }

  private async follow(run: string): Promise<void> {
    const { library, rows } = this.context;
    const name = experimentOfRun(library.host, this.known, {
      id: run,
      name: library.host.store.runs.nameOf(run),
    });
    if (name === undefined) return;
    const wasHalted = this.halted.delete(name);
    if (wasHalted || this.resting) return;
    const started = await this.find(name);
    const { experiment, record, stages } = started;
    if (!stages.some((stage) => stage.run === run) || rows.get(run).state !== 'done') return;
    const open = stages.find((stage) => stage.run === undefined || rows.get(stage.run).state !== 'done');
    if (!open || open.run !== undefined) return;
    this.adopt(started);
    try {
      await this.exclusively(name, () => this.begin(experiment, open.stage, optionsOf(record)));
    } catch (error) {
      if (!(error instanceof UserError)) console.error(error);
      const hint = error instanceof UserError ? (error.hint ?? null) : null;
      const message = `Stage ${open.stage.id} could not begin: ${messageOf(error)}`;
      this.problems.set(name, { message, hint });
      this.tellSoon(name);
    }
  }

  /** Makes the run of a stage, and lets it train when its turn comes. */
  private async begin(experiment: Experiment, stage: Stage, options: ExperimentOptions): Promise<void> {
    const { library, queue } = this.context;
    const { run } = await createStage(library.owned, experiment, stage, options);
    this.context.runCreated(run.config.data.path);
    // One that is made while the app ends waits for the next.
    if (this.resting) return;
    if (this.halted.delete(options.name ?? experiment.id)) queue.cancel(run.id);
    else queue.add(run.id);
  }

  private async exclusively(name: string, work: () => Promise<void>): Promise<void> {
    if (this.making.has(name)) {
      throw new UserError(`The experiment "${name}" is being started already.`, undefined, 'usage');
    }
    const made = work().finally(() => {
      this.making.delete(name);
      this.halted.delete(name);
      this.tellSoon(name);
    });
    this.making.set(name, made);
    this.tellSoon(name);
    await made;
  }

  /** @throws UserError where there is such an experiment, or a run has a name that one of its stages would get. */
  private checkName(experiment: Experiment, name: string): void {
    const { host } = this.context.library;
    if (findStarted(host, this.known, name)) {
      throw new UserError(
        `There is an experiment named "${name}" already.`,
        'Continue that one, or choose another name.',
        'usage',
      );
    }
    for (const stage of experiment.stages) host.store.runs.checkName(stageName(experiment, stage, name));
  }

  /** Records one that was started before such records were kept. */
  private adopt({ experiment, record }: Started): void {
    const { owned } = this.context.library;
    if (!owned.store.experiments.get(record.name)) recordExperiment(owned, experiment, optionsOf(record));
  }

  private async find(name: string): Promise<Started> {
    const found = findStarted(this.context.library.host, await this.catalogue(), name);
    if (found) return found;
    throw new UserError(
      `There is no experiment named "${name}" in the library.`,
      'Its runs may have been deleted. Start it again.',
      'usage',
    );
  }

  private async get(name: string): Promise<StartedExperiment> {
    return this.describe(await this.find(name));
  }

  private describe(started: Started): StartedExperiment {
    const { library, rows } = this.context;
    const { name } = started.record;
    return describeStarted(library.host, started, (run) => rows.get(run), {
      making: this.making.has(name),
      problem: this.problems.get(name) ?? null,
    });
  }

  private changedBy(run: { id: string; name: string | undefined }): void {
    // Nobody has asked for any yet.
    if (this.known.length === 0) return;
    const name = experimentOfRun(this.context.library.host, this.known, run);
    if (name !== undefined) this.tellSoon(name);
  }

  private tellSoon(name: string): void {
    this.changed.add(name);
    if (!this.resting) this.timer ??= setTimeout(() => this.tell(), PERIOD);
  }

  private tell(): void {
    this.timer = undefined;
    for (const name of this.changed) {
      const started = findStarted(this.context.library.host, this.known, name);
      if (started) this.tellOne(this.describe(started));
      else if (this.told.delete(name)) this.context.publish({ type: 'experiment-removed', experiment: name });
    }
    this.changed.clear();
  }

  private tellOne(experiment: StartedExperiment): void {
    const text = JSON.stringify(experiment);
    if (this.told.get(experiment.id) === text) return;
    this.told.set(experiment.id, text);
    this.context.publish({ type: 'experiment', experiment });
  }
}
