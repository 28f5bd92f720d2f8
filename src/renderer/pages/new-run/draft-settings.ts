/** What views and cost follow of the form. */
import type { Draft } from '../../../shared/api/set-up';
import type { Form } from '../../form/changes';

export interface DraftSettings {
  readonly draft: Draft | null;
  readonly form: Form | null;
  /** With these settings nothing can be shown or measured. */
  readonly faulty: boolean;
}

/** Milliseconds of quiet after which settings count as typed. */
export const SETTLED = 150;
