/** Experiments: several runs from start to finish, and what is drawn of them. */
import { experimentSchema, type Experiment } from '../../shared/experiment';
import { byolStl10 } from './byol-stl10';
import { simclrCifar10 } from './simclr-cifar10';

/** In the order in which they are offered. */
export const experiments: readonly Experiment[] = [simclrCifar10, byolStl10].map((experiment) =>
  experimentSchema.parse(experiment),
);
