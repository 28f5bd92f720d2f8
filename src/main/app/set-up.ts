/** What a form asks while it is filled in: a complete configuration, the views it makes, what it costs. */
import {
  NAME_PATH,
  type Draft,
  type DraftIssue,
  type Estimate,
  type ResolvedDraft,
  type ViewPreview,
  type WeightsFile,
} from '../../shared/api/set-up';
import { UserError } from '../../shared/errors';
import type { RunConfig } from '../../shared/run-config';
import { measuredEstimateSchema } from '../../shared/studio';
import { cacheFolder } from '../library';
import { NoSuchWeights, settle, withWeights } from '../questions';
import { runJob } from '../supervisor/run-job';
import { sourceOfDraft } from './drafts';
import type { OpenLibrary } from './open-library';
import type { Pictures } from './pictures';
import type { Places } from './places';
import { configFile } from './run-detail';
import { readSettings } from './settings';
import type { Studio } from './studio';
import { inspectWeights, weightsAt } from './weights-file';

export interface SetUpContext {
  library: OpenLibrary;
  studio: Studio;
  pictures: Pictures;
  places: Places;
  /** True while a run trains. */
  isTraining(): boolean;
}

export class SetUp {
  private estimating: AbortController | null = null;

  constructor(private readonly context: SetUpContext) {}

  /** Issues of the form are part of the answer, not errors. */
  async resolve(draft: Draft, signal?: AbortSignal): Promise<ResolvedDraft> {
    const { config, issues, warnings, commandLine } = await this.resolveWhole(draft, signal);
    return { config, issues: [...issues, ...this.nameIssues(draft)], warnings, commandLine };
  }

  /**
   * The configuration of a draft that is to be used.
   * @throws UserError where something is wrong with it.
   */
  async complete(draft: Draft, signal?: AbortSignal): Promise<{ config: RunConfig; parent: string | null }> {
    const { config, issues, parent } = await this.resolveWhole(draft, signal);
    if (config) return { config, parent };
    const [first, ...others] = issues;
    const more = others.length ? ` (and ${others.length} more)` : '';
    throw new UserError(
      `${first?.message ?? 'The settings are not complete.'}${more}`,
      first?.hint ?? undefined,
      'usage',
    );
  }

  async views(draft: Draft, count: number, round: number, signal?: AbortSignal): Promise<ViewPreview> {
    const { config } = await this.complete(draft, signal);
    return this.viewsOf(config, count, round, signal);
  }

  /** What a run's training sees. */
  async viewsOf(config: RunConfig, count: number, round: number, signal?: AbortSignal): Promise<ViewPreview> {
    const { studio, pictures } = this.context;
    return pictures.keep(await studio.call('views', { config, count, round }, signal));
  }

  /** @throws UserError where a run cannot start from what lies there. */
  inspectWeights(place: string, signal?: AbortSignal): Promise<WeightsFile> {
    const { library, places } = this.context;
    return inspectWeights(library.host.runner, places, place, signal);
  }

  /** Measures the step in a process of its own; a newer question ends an older one. */
  async estimate(draft: Draft, signal?: AbortSignal): Promise<Estimate> {
    this.estimating?.abort();
    const mine = new AbortController();
    this.estimating = mine;
    const either = signal ? AbortSignal.any([signal, mine.signal]) : mine.signal;
    try {
      const { config } = await this.complete(draft, either);
      const { host } = this.context.library;
      const before = this.context.isTraining();
      const measured = await runJob(
        host.runner,
        { kind: 'estimate', cacheDirectory: cacheFolder(host.library.folder), config },
        measuredEstimateSchema,
        { signal: either },
      );
      return { ...measured, disturbed: before || this.context.isTraining() };
    } catch (error) {
      if (mine.signal.aborted) {
        throw new UserError('A newer estimate took the place of this one.', undefined, 'usage');
      }
      throw error;
    } finally {
      if (this.estimating === mine) this.estimating = null;
    }
  }

  close(): void {
    this.estimating?.abort();
  }

  /** Told while it is typed, and refused at the end: another window may take it meanwhile. */
  private nameIssues({ name }: Draft): DraftIssue[] {
    if (!name?.trim()) return [];
    try {
      this.context.library.host.store.runs.checkName(name);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [{ path: NAME_PATH, message: error.message, hint: error.hint ?? null }];
    }
  }

  private async resolveWhole(draft: Draft, signal?: AbortSignal) {
    const { library, studio, places } = this.context;
    const { host } = library;
    let commandLine = '';
    try {
      const { source, weights, ...line } = sourceOfDraft(draft, {
        settings: readSettings(library),
        configOf: (run) => host.store.runs.get(run).config,
        configFileOf: (run) => configFile(host, run),
        weightsAt: (place) => weightsAt(places, place),
      });
      commandLine = line.commandLine;
      const { config, issues, warnings } = await studio.call(
        'resolve',
        { source: withWeights(host, source, weights) },
        signal,
      );
      if (!config) return { config: null, issues, warnings, commandLine, parent: null };
      return { ...settle(host, config), issues, warnings, commandLine };
    } catch (error) {
      // Weights that are not there are a fault of the form as any other.
      if (!(error instanceof NoSuchWeights)) throw error;
      const issue = { path: error.setting, message: error.message, hint: error.hint ?? null };
      return { config: null, issues: [issue], warnings: [], commandLine, parent: null };
    }
  }
}
