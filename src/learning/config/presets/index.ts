/** Configurations to start from: the experiments of the papers, and one that shows learning in minutes. */
import { nearest, UserError } from '../../../shared/errors';
import type { Preset } from './preset';
import { barlowTwinsPresets } from './barlow-twins';
import { beitPresets } from './beit';
import { byolPresets } from './byol';
import { colorizationPresets } from './colorization';
import { data2vecPresets } from './data2vec';
import { dinoPresets } from './dino';
import { frameOrderPresets } from './frame-order';
import { ibotPresets } from './ibot';
import { jigsawPresets } from './jigsaw';
import { maePresets } from './mae';
import { mocoV3Presets } from './moco-v3';
import { pirlPresets } from './pirl';
import { rotationPresets } from './rotation';
import { semiSupervisedPresets } from './semi-supervised';
import { simclrPresets } from './simclr';
import { simsiamPresets } from './simsiam';
import { supervisedPresets } from './supervised';
import { swavPresets } from './swav';
import { vicregPresets } from './vicreg';

export type { Preset } from './preset';

/** In the order in which they are offered. */
// prettier-ignore
export const presets: readonly Preset[] = [
  ...simclrPresets,
  ...mocoV3Presets,
  ...byolPresets,
  ...simsiamPresets,
  ...barlowTwinsPresets,
  ...vicregPresets,
  ...swavPresets,
  ...dinoPresets,
  ...ibotPresets,
  ...pirlPresets,
  ...data2vecPresets,
  ...maePresets,
  ...beitPresets,
  ...rotationPresets,
  ...jigsawPresets,
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
