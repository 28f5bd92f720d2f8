/** Procedures about the host itself, and the stream of events. */
import { devices } from '../../questions';
import { changeSettings, readSettings } from '../settings';
import { os, type Parts } from './parts';

export function hostProcedures(parts: Parts) {
  const { library, bus } = parts;
  /** Trying all devices takes seconds. */
  let found: ReturnType<typeof devices> | undefined;
  return {
    info: os.host.info.handler(() => parts.info()),
    devices: os.host.devices.handler(async ({ input }) => {
      if (input?.again) found = undefined;
      found ??= devices(library.host);
      try {
        return (await found).map((device) => ({
          ...device,
          reason: device.reason ?? null,
          howToGet: device.howToGet ?? null,
        }));
      } catch (error) {
        found = undefined;
        throw error;
      }
    }),
    claim: os.host.claim.handler(async () => {
      await parts.claim();
      return parts.info();
    }),
    settings: os.host.settings.handler(() => readSettings(library)),
    changeSettings: os.host.changeSettings.handler(({ input }) => {
      const settings = changeSettings(library, input);
      bus.publish({ type: 'settings', settings });
      return settings;
    }),
  };
}

export function eventProcedure({ bus, load }: Parts) {
  return os.events.handler(async function* ({ input, signal }) {
    const unwatch = input.load ? load.watch() : undefined;
    try {
      yield* bus.subscribe({ ...input, signal });
    } finally {
      unwatch?.();
    }
  });
}
