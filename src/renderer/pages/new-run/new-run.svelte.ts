/** The state of the New run page: the draft, what the host makes of it, what it looks like and what it costs. */
import { untrack } from 'svelte';
import type { Dataset, Place } from '../../../shared/api/datasets';
import { isLive, type RunRow } from '../../../shared/api/run-rows';
import {
  NAME_PATH,
  type Catalogue,
  type Draft,
  type DraftIssue,
  type MethodDescription,
  type ResolvedDraft,
  type WeightsFile,
} from '../../../shared/api/set-up';
import type { About } from '../../form/about';
import type { FormActions } from '../../form/actions';
import { change, formOf, without, type Form } from '../../form/changes';
import {
  presetOf,
  imagesAfter,
  startFromPreset,
  startFromRun,
  startingAtRandom,
  startingFrom,
  withEncoderOf,
  withPreset,
  type Start,
} from '../../form/draft';
import { fieldsOf } from '../../form/fields';
import { dataIssues, localIssues, mergeIssues, teacherIssues } from '../../form/issues';
import { Latest } from '../../form/latest';
import { layOut, type Layout } from '../../form/layout';
import { isWithin, valueAt, type Config } from '../../form/paths';
import { datasets } from '../../lib/datasets.svelte';
import { host, problemOf, type Problem } from '../../lib/host/client';
import { live } from '../../lib/host/live.svelte';
import { HostError } from '../../lib/host/problem';
import { runs } from '../../lib/runs.svelte';
import { settings } from '../../lib/settings.svelte';
import { DraftCost } from './draft-cost.svelte';
import { SETTLED } from './draft-settings';
import { DraftViews } from './draft-views.svelte';
import { forgetForm, formLeftAt, leaveForm, type LeftForm } from './left-form';

/** Where the page was opened from. */
export interface Origin {
  readonly preset?: string | undefined;
  /** A run to repeat. */
  readonly run?: string | undefined;
  /** A run whose weights are taken. */
  readonly from?: string | undefined;
  readonly checkpoint?: string | undefined;
  /** Id of a data set. */
  readonly data?: string | undefined;
}

export class NewRun {
  catalogue: Catalogue | null = $state.raw(null);
  /** Why nothing can be set up. */
  problem: Problem | null = $state.raw(null);
  /** The run that this one begins with. */
  source: RunRow | null = $state.raw(null);
  /** The file whose weights are taken, where it is one. */
  weightsFile: WeightsFile | null = $state.raw(null);
  /** Texts that are no values, by path. */
  typed: Readonly<Record<string, string>> = $state.raw({});
  about: About | null = $state.raw(null);

  resolved: ResolvedDraft | null = $state.raw(null);
  /** Why the host did not say what the settings come to. */
  resolveProblem: Problem | null = $state.raw(null);
  creating = $state(false);
  /** The form is as it was left, not as it begins. */
  resumed = $state(false);

  #start: Start | null = $state.raw(null);
  #beginning: symbol | undefined;
  #origin: Origin = {};
  /** As it began, or as a run was made of it: nothing is lost where it is left so. */
  #untouched: Start | null = null;
  /** Of the run or file whose weights are taken: another preset gets its encoder too. */
  #weightsConfig: Config | null = null;
  /** The latest choice of weights: an answer about an older one comes too late. */
  #choice = Symbol('weights');

  readonly #resolve = new Latest<Draft, ResolvedDraft>({
    delay: SETTLED,
    ask: (draft, signal) => host.setUp.resolve(draft, { signal }),
    onAnswer: (answer) => {
      this.resolved = answer;
      this.resolveProblem = null;
    },
    onError: (error) => {
      this.resolved = null;
      this.resolveProblem = problemOf(error);
    },
  });

  readonly form: Form | null = $derived.by(() =>
    this.catalogue && this.#start
      ? formOf(this.catalogue, this.#start.base, this.#start.draft.changes)
      : null,
  );
  readonly draft: Draft | null = $derived(this.#start?.draft ?? null);
  readonly method: MethodDescription | undefined = $derived(
    this.catalogue?.methods.find(({ id }) => id === this.form?.config['method']),
  );
  readonly dataset: Dataset | undefined = $derived(datasets.byPath(this.textAt('data.path')));
  readonly labelled: Dataset | undefined = $derived(datasets.byPath(this.textAt('data.labelled')));
  /** What can be said without the host. */
  readonly ownIssues: readonly DraftIssue[] = $derived.by(() =>
    this.form
      ? [
          ...localIssues(this.form, this.typed),
          ...dataIssues(this.form.config, this.dataset, this.method, this.catalogue),
          ...teacherIssues(this.form.config, this.method),
        ]
      : [],
  );
  readonly issues: readonly DraftIssue[] = $derived(mergeIssues(this.ownIssues, this.resolved?.issues ?? []));
  /** With these settings nothing can be shown or measured. */
  readonly faulty: boolean = $derived(
    this.resolveProblem !== null || this.issues.some(({ path }) => path !== NAME_PATH),
  );
  /** Name of the file that the run to begin with takes its weights from, where it does. */
  readonly inheritedWeights: string | null = $derived(
    fileName(valueAt(this.form?.baseline, 'init.checkpoint')),
  );
  /** Those are taken. */
  readonly inheritsWeights = $derived(
    this.draft?.from === null && fileName(valueAt(this.form?.config, 'init.checkpoint')) !== null,
  );
  readonly layout: Layout | null = $derived.by(() => {
    if (!this.form || !this.#start) return null;
    const { changes } = this.#start.draft;
    return layOut(fieldsOf(this.form, changes, this.issues), changes);
  });

  /** The runs that come before a new one, the one at work included. */
  readonly runsBefore = $derived(runs.rows.filter(({ state }) => isLive(state) || state === 'queued').length);
  readonly views: DraftViews;
  readonly cost: DraftCost;

  readonly actions: FormActions = {
    set: (path, value, typedPath = path) => {
      this.typed = withoutKeys(this.typed, path === 'method' ? 'options' : path, typedPath);
      this.#change(path, value);
    },
    typed: (path, text) => (this.typed = { ...this.typed, [path]: text }),
    reset: (paths) => {
      this.typed = withoutKeys(this.typed, ...paths);
      // A kind brings its settings along: it goes back last.
      if (!this.#start) return;
      const { draft } = this.#start;
      const rest = without(draft.changes, ...paths.filter((path) => !path.endsWith('.kind')));
      this.#setDraft({ changes: rest });
      for (const path of paths.filter((each) => each.endsWith('.kind')))
        if (this.#start) this.#change(path, valueAt(this.#start.base, path));
    },
    explain: (about) => (this.about = about),
  };

  /** To be called while a component is set up. */
  constructor() {
    this.views = new DraftViews(this);
    this.cost = new DraftCost(this);
    $effect(() => {
      const { draft } = this;
      if (draft) this.#resolve.ask(draft);
    });
    $effect(() => {
      if (live.connection === 'open' && untrack(() => this.resolveProblem)) this.resolveAgain();
    });
    $effect(() => () => {
      this.#resolve.cancel();
      this.#leave();
    });
  }

  /**
   * Begins anew, or as the form was left when it was opened from there last. Until that has succeeded there is no draft:
   * nothing of another origin can be trained by mistake.
   */
  async begin(origin: Origin): Promise<void> {
    const mine = (this.#beginning = Symbol('begin'));
    this.#leave();
    this.#origin = origin;
    this.problem = null;
    this.resumed = false;
    this.#start = null;
    this.resolved = null;
    this.resolveProblem = null;
    try {
      this.catalogue ??= await host.setUp.catalogue();
      const left = formLeftAt(origin);
      if (left) {
        if (this.#beginning === mine) this.#resume(left);
        return;
      }
      // Weights without anything else go on with the settings of their run.
      const run = origin.run ?? (origin.preset === undefined ? origin.from : undefined);
      const detail = run === undefined ? undefined : await host.runs.get({ run });
      const { from } = origin;
      const weights =
        from === undefined ? undefined : from === run ? detail : await host.runs.get({ run: from });
      if (this.#beginning !== mine) return;
      const path = origin.data === undefined ? undefined : pathOf(origin.data);
      const preset = presetOf(this.catalogue, origin.preset);
      const images =
        weights && path === undefined
          ? imagesAfter(this.catalogue, preset, weights.config.data)
          : { path, labelled: null };
      const start = detail
        ? startFromRun(detail)
        : startFromPreset(this.catalogue, preset, settings.current, images.path);
      this.typed = {};
      this.source = detail?.row ?? null;
      this.#choice = Symbol('weights');
      this.#weightsConfig = null;
      this.weightsFile = null;
      this.#start = start;
      if (detail && path !== undefined) this.#change('data.path', path);
      if (!detail && images.labelled !== null) this.#change('data.labelled', images.labelled);
      if (weights) {
        const { row, config } = weights;
        const { checkpoint = 'last' } = origin;
        this.#setFrom({ kind: 'run', run: row.id, checkpoint, freezeEncoder: false });
        this.#adoptEncoder(config);
      }
      this.#untouched = this.#start;
    } catch (error) {
      if (this.#beginning === mine) this.problem = problemOf(error);
    }
  }

  /** Begins anew, whatever was changed. */
  async startOver(): Promise<void> {
    forgetForm(this.#origin);
    this.#start = null;
    await this.begin(this.#origin);
  }

  #resume({ start, typed, source, weightsFile, weightsConfig }: LeftForm): void {
    this.#choice = Symbol('weights');
    this.typed = typed;
    this.source = source;
    this.weightsFile = weightsFile;
    this.#weightsConfig = weightsConfig;
    this.#start = start;
    this.#untouched = null;
    this.resumed = true;
  }

  #leave(): void {
    const start = this.#start;
    if (!start) return;
    const { typed, source, weightsFile } = this;
    if (start === this.#untouched && Object.keys(typed).length === 0) forgetForm(this.#origin);
    else
      leaveForm({
        origin: this.#origin,
        start,
        typed,
        source,
        weightsFile,
        weightsConfig: this.#weightsConfig,
      });
  }

  /** Another preset. */
  choosePreset(id: string): void {
    if (!this.catalogue || !this.#start) return;
    this.typed = {};
    const start = withPreset(this.catalogue, presetOf(this.catalogue, id), this.#start, settings.current);
    this.#start =
      start.draft.from && this.#weightsConfig
        ? withEncoderOf(this.catalogue, start, this.#weightsConfig)
        : start;
  }

  name(name: string): void {
    this.#setDraft({ name: name.trim() === '' ? null : name });
  }

  /** Starts from random weights. */
  takeNoWeights(): void {
    if (!this.catalogue || !this.#start) return;
    this.#choice = Symbol('weights');
    this.#start = startingAtRandom(this.catalogue, this.#start);
  }

  /** Starts from what the run to begin with started from. */
  inheritWeights(): void {
    this.#choice = Symbol('weights');
    this.#setFrom(null);
  }

  /**
   * Starts from the weights of a run, with the encoder that they fit.
   * @throws HostError where there is no such run.
   */
  async takeWeights(run: string, checkpoint = 'last', freezeEncoder = false): Promise<void> {
    const former = this.draft;
    this.#setFrom({ kind: 'run', run, checkpoint, freezeEncoder });
    if (former?.from?.kind === 'run' && former.from.run === run) return;
    const mine = (this.#choice = Symbol('weights'));
    try {
      const { config } = await host.runs.get({ run });
      if (this.#choice === mine) this.#adoptEncoder(config);
    } catch (error) {
      if (this.#choice === mine && former) this.#backTo(former);
      throw error;
    }
  }

  /**
   * Starts from the weights in a file, with the encoder that they are of. Until the file was looked into, nothing
   * changes.
   * @throws HostError where a run cannot start from it.
   */
  async takeFile(place: Place): Promise<void> {
    const before = this.#choice;
    const file = await host.setUp.inspectWeights({ place: place.id });
    if (this.#choice !== before) return;
    this.#choice = Symbol('weights');
    this.weightsFile = file;
    this.#setFrom({ kind: 'file', place: file.place.id, freezeEncoder: false });
    this.#adoptEncoder(file.config);
  }

  /** Whether the encoder stays as the weights are. */
  freezeEncoder(freezeEncoder: boolean): void {
    const from = this.draft?.from;
    if (from) this.#setDraft({ from: { ...from, freezeEncoder } });
  }

  #setFrom(from: Draft['from']): void {
    if (this.#start) this.#start = startingFrom(this.#start, from);
  }

  #backTo({ from, changes }: Draft): void {
    if (from === null && Object.hasOwn(changes, 'init')) this.takeNoWeights();
    else this.#setFrom(from);
  }

  #adoptEncoder(config: Config): void {
    if (!this.catalogue || !this.#start) return;
    this.#weightsConfig = config;
    this.#start = withEncoderOf(this.catalogue, this.#start, config);
  }

  /** Asks once more what the settings come to. */
  resolveAgain(): void {
    if (this.draft) this.#resolve.askNow(this.draft);
  }

  /**
   * Puts the run into the queue.
   * @throws HostError where the host refuses it.
   */
  async create(): Promise<RunRow> {
    if (!this.draft) throw new Error('There is nothing to train yet');
    this.creating = true;
    // The measurement would train beside the run.
    this.cost.cancel();
    try {
      const made = this.#start;
      const row = await host.runs.create({ ...this.draft, name: this.draft.name?.trim() ?? null });
      // What was changed while it was made is not in it.
      this.#untouched = made;
      this.resumed = false;
      return row;
    } finally {
      this.creating = false;
    }
  }

  textAt(path: string): string {
    const value = valueAt(this.form?.config, path);
    return typeof value === 'string' ? value : '';
  }

  #change(path: string, value: unknown): void {
    if (!this.catalogue || !this.#start) return;
    const { base, draft } = this.#start;
    this.#setDraft({ changes: change(this.catalogue, base, draft.changes, path, value) });
  }

  #setDraft(patch: Partial<Draft>): void {
    if (this.#start) this.#start = { ...this.#start, draft: { ...this.#start.draft, ...patch } };
  }
}

/** @throws HostError where the library does not have the data set any more. */
function pathOf(dataset: string): string {
  const found = datasets.byId(dataset);
  if (found) return found.path;
  throw new HostError('The data set to train on is not in this library any more.', 'Add its folder again.');
}

const withoutKeys = (
  typed: Readonly<Record<string, string>>,
  ...paths: readonly string[]
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typed).filter(([path]) => !paths.some((ancestor) => isWithin(path, ancestor))),
  );

/** The last part of a path; null where it is none. */
const fileName = (path: unknown): string | null =>
  typeof path === 'string' ? (path.split(/[/\\]/).at(-1) ?? path) : null;
