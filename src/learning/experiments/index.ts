/** Experiments: several runs from start to finish, and what is drawn of them. */
import { experimentSchema, type Experiment } from '../../shared/experiment';
import { byolStl10 } from './byol-stl10';
import { data2vecCifar10 } from './data2vec-cifar10';
import { dinoCifar10 } from './dino-cifar10';
import { simclrCifar10 } from './simclr-cifar10';

/** In the order in which they are offered. */
export const experiments: readonly Experiment[] = [
  data2vecCifar10,
  dinoCifar10,
  byolStl10,
  simclrCifar10,
].map((experiment) => experimentSchema.parse(experiment));
