/** Configurations to start from: the experiments of the papers, and one that shows learning in minutes. */
import { nearest, UserError } from '../../../shared/errors';
import { byolPresets } from './byol';
import { colorizationPresets } from './colorization';
import { frameOrderPresets } from './frame-order';
import { jigsawPresets } from './jigsaw';
import { pirlPresets } from './pirl';
import type { Preset } from './preset';
import { rotationPresets } from './rotation';
import { semiSupervisedPresets } from './semi-supervised';
import { simclrPresets } from './simclr';
import { supervisedPresets } from './supervised';

export type { Preset } from './preset';

/** In the order in which they are offered. */
export const presets: readonly Preset[] = [
  ...simclrPresets,
  ...byolPresets,
  ...rotationPresets,
  ...jigsawPresets,
  ...pirlPresets,
  ...colorizationPresets,
  ...frameOrderPresets,
  ...semiSupervisedPresets,
  ...supervisedPresets,
];

/** @throws UserError naming the nearest preset. */
export function findPreset(id: string): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset) return preset;
  const ids = presets.map((candidate) => candidate.id);
  const near = nearest(id, ids);
  throw new UserError(
    `There is no preset "${id}"`,
    near ? `Did you mean "${near}"?` : `Presets: ${ids.join(', ')}.`,
    'usage',
  );
}
