/** The host itself: its devices, its settings, how busy it is, and whether it may write. */
import * as z from 'zod';

export const deviceSchema = z.object({
  name: z.string(),
  title: z.string(),
  available: z.boolean(),
  /** What `auto` takes. */
  selected: z.boolean(),
  /** Why it is selected, or not available. */
  reason: z.string().nullable(),
  howToGet: z.string().nullable(),
});
export type DeviceInfo = z.infer<typeof deviceSchema>;

/** Kept in the library. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** For new runs; a run keeps what it was made with. */
  device: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml', 'tensorflow']).default('auto'),
  /** 0 takes all cores. */
  threads: z.int().min(0).max(1024).default(0),
  /** Columns of the runs table, in order; null is the default. */
  runColumns: z.array(z.string()).nullable().default(null),
  notifications: z.boolean().default(true),
});
export type Settings = z.infer<typeof settingsSchema>;

export const hostInfoSchema = z.object({
  version: z.string(),
  /** The library folder, to be shown. */
  library: z.string(),
  /** False where another process owns the library: everything can be seen, nothing changed. */
  writable: z.boolean(),
  /** Who owns it, as a sentence, where this host does not. */
  readOnlyReason: z.string().nullable(),
  shell: z.enum(['electron', 'headless']),
  platform: z.string(),
  cores: z.int(),
  memoryBytes: z.number(),
  /** Runs wait, and nothing starts them until the user says so. */
  queueHeld: z.boolean(),
});
export type HostInfo = z.infer<typeof hostInfoSchema>;

/** Sampled every two seconds while somebody looks. Shares in [0, 1] of all cores. */
export const loadSchema = z.object({
  time: z.number(),
  cpu: z.number(),
  memoryUsed: z.number(),
  memoryTotal: z.number(),
  /** Of the process that trains `run`. */
  child: z.object({ run: z.string(), cpu: z.number(), rssBytes: z.number() }).nullable(),
});
export type Load = z.infer<typeof loadSchema>;
