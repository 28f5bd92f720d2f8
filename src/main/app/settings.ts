/** The settings, kept in the library. */
import { settingsSchema, type Settings } from '../../shared/api/host';
import type { OpenLibrary } from './open-library';

const SETTING = 'settings';

/** A stored setting that this version does not know is passed over, one that it does not understand is the default. */
export function readSettings(library: OpenLibrary): Settings {
  const stored = library.host.store.catalogue.setting(SETTING);
  const whole = settingsSchema.safeParse(stored ?? {});
  if (whole.success) return whole.data;
  const understood: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(settingsSchema.shape)) {
    const value = (stored as Record<string, unknown> | null)?.[key];
    if (value !== undefined && schema.safeParse(value).success) understood[key] = value;
  }
  return settingsSchema.parse(understood);
}

/** @throws UserError where another process owns the library. */
export function changeSettings(library: OpenLibrary, patch: Partial<Settings>): Settings {
  const settings = { ...readSettings(library), ...patch };
  library.owned.store.catalogue.putSetting(SETTING, settings);
  return settings;
}
