/** The `reference` device: eager tfjs in plain JavaScript. Slow; what all others are tested against. Not listed. */
import { prepareEager } from '../eager';
import type { Device } from '../types';

export function openReference(): Device {
  return {
    name: 'reference',
    description: 'eager TensorFlow.js in plain JavaScript',
    prepare: (definition, state) => prepareEager('cpu', definition, state),
    dispose: async () => {},
  };
}
