/** `selvedge devices`: what steps can run on here, and why not on the rest. */
import { listDevices } from '../../engine';
import type { RunJob } from '../job';

export const devices: RunJob<'devices'> = () => listDevices();
