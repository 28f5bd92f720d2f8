/** What a child that answers request after request is asked, as a table: each kind with its payload and its answer. */
import * as z from 'zod';

export type ServiceRequests = Readonly<Record<string, { payload: z.ZodType; answer: z.ZodType }>>;
export type KindOf<R extends ServiceRequests> = keyof R & string;
/** As it is asked: defaults may be left out. */
export type PayloadOf<R extends ServiceRequests, K extends KindOf<R>> = z.input<R[K]['payload']>;
export type AnswerOf<R extends ServiceRequests, K extends KindOf<R>> = z.output<R[K]['answer']>;

/** How a request travels. */
export const serviceRequestSchema = z.strictObject({ kind: z.string(), payload: z.unknown() });
