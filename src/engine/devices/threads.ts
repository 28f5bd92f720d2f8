/** How many threads "all cores" are. */
import { availableParallelism } from 'node:os';

/** @param wanted 0 for all. */
export const threadCount = (wanted: number): number => (wanted > 0 ? wanted : availableParallelism());
