/** The form as it was left unfinished: who looks elsewhere and comes back the same way goes on with it. */
import type { RunRow } from '../../../shared/api/run-rows';
import type { WeightsFile } from '../../../shared/api/set-up';
import type { Start } from '../../form/draft';
import type { Config } from '../../form/paths';

export interface LeftForm {
  /** Where the page was opened from: what its address asks for. */
  readonly origin: object;
  readonly start: Start;
  /** Texts that are no values, by path. */
  readonly typed: Readonly<Record<string, string>>;
  readonly source: RunRow | null;
  readonly weightsFile: WeightsFile | null;
  readonly weightsConfig: Config | null;
}

let left: LeftForm | null = null;

/** Only the latest is kept. */
export function leaveForm(form: LeftForm): void {
  left = form;
}

export const formLeftAt = (origin: object): LeftForm | null =>
  left && JSON.stringify(left.origin) === JSON.stringify(origin) ? left : null;

/** Opened from there again, the page begins anew. */
export function forgetForm(origin: object): void {
  if (formLeftAt(origin)) left = null;
}
