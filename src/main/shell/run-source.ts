/** Reads runs and curves for the windows. It never writes: a library may be in use by another process. */
import { existsSync } from 'node:fs';
import type { CurvePart, RunView } from '../../shared/api';
import { openStore, type Store } from '../store/store';

/** A sparkline is about as wide in pixels. */
const SPARKLINE_PARTS = 60;
/** Older runs are listed without a curve, so that a long list stays quick. */
const CURVES = 200;

export interface RunSource {
  list(): RunView[];
  /** All curves of a run by name, each in at most `buckets` parts; undefined where there is no such run. */
  metrics(id: string, buckets: number): Record<string, CurvePart[]> | undefined;
  close(): void;
}

/** @param databasePath of the library; it need not exist yet, and is opened when it does. */
export function openRunSource(databasePath: string): RunSource {
  let store: Store | undefined;
  const opened = (): Store | undefined => {
    if (!store && existsSync(databasePath)) store = openStore(databasePath, 'read');
    return store;
  };
  return {
    list: () => {
      const current = opened();
      return current ? listRuns(current) : [];
    },
    metrics: (id, buckets) => {
      const current = opened();
      if (!current?.runs.list().some((run) => run.id === id)) return undefined;
      return Object.fromEntries(
        current.metrics.summaries(id).map(({ name }) => [name, curve(current, id, name, buckets)]),
      );
    },
    close: () => {
      store?.close();
      store = undefined;
    },
  };
}

function listRuns(store: Store): RunView[] {
  const losses = store.metrics.summariesByRun('loss');
  const knns = store.metrics.summariesByRun('knn');
  return store.runs.list().map((run, index) => {
    const config = index < CURVES ? store.runs.get(run.id).config : undefined;
    return {
      id: run.id,
      name: run.name,
      state: run.status,
      method: run.method,
      data: config?.data.path ?? null,
      createdAt: run.createdAt,
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      step: run.step,
      epoch: run.epoch,
      // A run that ends after so many steps does not get to its epochs.
      epochs: config && config.maxSteps === null ? config.epochs : null,
      loss: finite(losses.get(run.id)?.last),
      knn: finite(knns.get(run.id)?.last),
      bestKnn: finite(knns.get(run.id)?.best),
      lossCurve: config ? curve(store, run.id, 'loss', SPARKLINE_PARTS).map((part) => part.mean) : [],
      failure: run.failure,
      hint: run.hint,
    };
  });
}

function curve(store: Store, id: string, name: string, buckets: number): CurvePart[] {
  return store.metrics.buckets(id, name, buckets).map((part) => ({
    step: part.lastStep,
    epoch: part.epoch,
    time: part.time,
    min: finite(part.min),
    max: finite(part.max),
    mean: finite(part.mean),
  }));
}

const finite = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null;
