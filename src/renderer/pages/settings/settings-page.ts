/** What can be chosen on the Settings page. */
import { settingsSchema, type DeviceInfo, type Settings } from '../../../shared/api/host';
import { valueName } from '../../form/names';

/** All devices that a setting can name; those that were tried and do not work here say so. */
export function deviceChoices(
  devices: readonly DeviceInfo[],
): { value: Settings['device']; title: string }[] {
  const taken = devices.find(({ selected }) => selected);
  return settingsSchema.shape.device.unwrap().options.map((value) => {
    const name = valueName('device', value);
    if (value === 'auto')
      return { value, title: taken ? `${name} (${valueName('device', taken.name)} here)` : name };
    const device = devices.find((candidate) => candidate.name === value);
    return { value, title: device && !device.available ? `${name} (not available here)` : name };
  });
}

/** @returns what is wrong with the number of threads, null where it is right. */
export function threadsProblem(threads: number | undefined, cores: number | null): string | null {
  const { data } = settingsSchema.shape.threads.unwrap().safeParse(threads);
  if (data === undefined) return 'Must be a whole number from 0 to 1024';
  if (cores !== null && data > cores) return `This machine has ${cores} cores: more threads are slower`;
  return null;
}
