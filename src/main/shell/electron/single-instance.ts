/** One program at a time: a second start hands over to the first. */
import { app } from 'electron';
import * as z from 'zod';

const startSchema = z.object({ library: z.string() });

/** @returns false where Selvedge runs already; that one is told which library was wanted. */
export function takeInstance(library: string): boolean {
  return app.requestSingleInstanceLock({ library } satisfies z.infer<typeof startSchema>);
}

/** The library that a second start wanted, where it is not the one that is open. */
export function otherLibraryOf(data: unknown, library: string): string | undefined {
  const start = startSchema.safeParse(data);
  return start.success && start.data.library !== library ? start.data.library : undefined;
}
