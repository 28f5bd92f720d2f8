/** Procedures of embedding sets and of the encoders that make them. */
import { os, type Parts } from '../parts';
import { notYet } from './not-yet';

export function encodersProcedures(_parts: Parts) {
  const { encoders } = os.explorer;
  return {
    list: encoders.list.handler(notYet),
    add: encoders.add.handler(notYet),
    remove: encoders.remove.handler(notYet),
  };
}

export function setsProcedures(_parts: Parts) {
  const { sets } = os.explorer;
  return {
    list: sets.list.handler(notYet),
    embed: sets.embed.handler(notYet),
    update: sets.update.handler(notYet),
    cancel: sets.cancel.handler(notYet),
    remove: sets.remove.handler(notYet),
    export: sets.export.handler(notYet),
    reveal: sets.reveal.handler(notYet),
  };
}
