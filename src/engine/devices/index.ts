/** What steps can run on here, why something is not available, and which one `auto` takes. */
export type { DeviceInfo } from './info';
export { listDevices } from './list';
export { openDevice } from './open';
