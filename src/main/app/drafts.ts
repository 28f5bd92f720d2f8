/** From what a form holds to what the runner resolves, and to the line that says the same in a terminal. */
import type { Settings } from '../../shared/api/host';
import type { Draft } from '../../shared/api/set-up';
import type { ConfigSource } from '../../shared/protocol';
import type { RunConfig } from '../../shared/run-config';
import type { StartingWeights } from '../questions';
import { commandLine } from './command-line';

/** What a draft may refer to. */
export interface DraftContext {
  settings: Pick<Settings, 'device' | 'threads'>;
  /** @throws UserError where there is no such run. */
  configOf(run: string): RunConfig;
  /** The run's config.json. */
  configFileOf(run: string): string;
  /**
   * The path of a file of weights.
   * @throws UserError where the user chose none such.
   */
  weightsAt(place: string): string;
}

export interface DraftSource {
  source: ConfigSource;
  /** Undefined where it starts from random weights. */
  weights: StartingWeights | undefined;
  commandLine: string;
}

/** @throws UserError where the run that it begins with, or the file of its weights, is not there. */
export function sourceOfDraft(draft: Draft, context: DraftContext): DraftSource {
  const changes = { ...defaultsFor(draft, context.settings), ...draft.changes };
  const overrides = Object.entries(changes).map(([path, value]): [string, string] => [
    path,
    JSON.stringify(value),
  ]);
  const { base } = draft;
  const weights = weightsOf(draft.from, context);
  const begin = base.kind === 'preset' ? base.preset : context.configFileOf(base.run);
  return {
    source:
      base.kind === 'preset'
        ? { preset: base.preset, overrides }
        : { config: context.configOf(base.run), overrides },
    weights,
    commandLine: commandLine(begin, { changes, weights, name: draft.name }),
  };
}

function weightsOf(from: Draft['from'], context: DraftContext): StartingWeights | undefined {
  if (!from) return undefined;
  const { freezeEncoder } = from;
  if (from.kind === 'file') return { reference: context.weightsAt(from.place), freezeEncoder };
  return { reference: from.run, checkpoint: from.checkpoint, freezeEncoder };
}

/** The settings' device and threads, where the draft says nothing. A run that is duplicated says it itself. */
const defaultsFor = (draft: Draft, settings: DraftContext['settings']): Record<string, unknown> =>
  draft.base.kind === 'run' ? {} : machineSettings(settings);

/** What the library's settings say of new runs: only what differs from their defaults. */
export const machineSettings = ({ device, threads }: DraftContext['settings']): Record<string, unknown> => ({
  ...(device === 'auto' ? {} : { device }),
  ...(threads === 0 ? {} : { threads }),
});
