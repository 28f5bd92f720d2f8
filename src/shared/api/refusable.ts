/** A refusal that the user is meant to read: `message` says what was wrong and where, `hint` what to do. */
import * as z from 'zod';

export const refusable = {
  REFUSED: { status: 422, data: z.object({ hint: z.string().nullable() }) },
} as const;
