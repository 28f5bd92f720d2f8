/** A grid, or what shows one, that keys of the page walk too. */
export interface Walker {
  /** @returns whether the key walked. */
  walk(key: string): boolean;
}
