/** From a preset or a config file and overrides to a complete configuration. */
import { resolveConfig } from '../../learning';
import type { RunJob } from '../job';

export const resolve: RunJob<'resolve'> = ({ source }) => Promise.resolve(resolveConfig(source));
