/** Asks the host. In Electron and in a browser alike it is the origin of this page. */
import { problemSchema, runsAnswerSchema, type RunsAnswer } from '../../shared/api';

/** The host answered, and the answer was no. */
export class HostError extends Error {
  override readonly name = 'HostError';

  constructor(
    message: string,
    readonly hint: string | null,
  ) {
    super(message);
  }
}

export async function fetchRuns(get: typeof fetch = fetch): Promise<RunsAnswer> {
  const response = await get('/api/runs');
  const body: unknown = await response.json();
  if (response.ok) return runsAnswerSchema.parse(body);
  const { message, hint } = problemSchema.parse(body);
  throw new HostError(message, hint);
}
