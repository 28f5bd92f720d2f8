/** What procedures of the explorer answer until they are built. */
import { UserError } from '../../../../shared/errors';

export const notYet = (): never => {
  throw new UserError('This part of the explorer is not built yet.');
};
