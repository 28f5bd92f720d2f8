/** What there is to choose from: methods, presets, and the schemas that forms are made from. */
import { describe as describeLearning } from '../../learning';
import type { RunJob } from '../job';

export const describe: RunJob<'describe'> = () => Promise.resolve(describeLearning());
