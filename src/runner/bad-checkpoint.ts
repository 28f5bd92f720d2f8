/** A checkpoint that cannot be continued from, before anything was trained: the host may try an older one. */
import { UserError } from '../shared/errors';

export class BadCheckpoint extends UserError {}
