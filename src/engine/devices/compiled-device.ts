/** A device on which steps run compiled, through one of onnxruntime's providers. */
import { prepareCompiled } from '../compiled';
import type { Target } from '../lower/lowering';
import { profileCompiled } from '../profile/profile';
import type { Provider } from '../session/provider';
import type { Device, DeviceName, DeviceOptions } from '../types';

export function compiledDevice(
  name: DeviceName,
  description: string,
  target: Target,
  provider: Provider,
  options: DeviceOptions,
): Device {
  return {
    name,
    description,
    prepare: (definition, state) => prepareCompiled(target, definition, state, options, provider),
    profile: (definition, state, inputs, steps) =>
      profileCompiled(name, target, provider, definition, state, inputs, options, steps),
    dispose: async () => {},
  };
}
