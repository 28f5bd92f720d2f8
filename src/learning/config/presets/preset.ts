/** What a preset is, and the image statistics that several of them share. */
import type { RunConfigInput } from '../../../shared/run-config';

export interface Preset {
  readonly id: string;
  readonly title: string;
  /** One sentence for the list. */
  readonly summary: string;
  /** What others have published for it, with the source; null where there is nothing to compare with. */
  readonly published: string | null;
  /** `data.path` is left to the user, but where images that ship with Selvedge are meant. */
  readonly config: PresetConfig;
}

type PresetConfig = Omit<RunConfigInput, 'data'> & { readonly data: Partial<RunConfigInput['data']> };

/** Statistics that CIFAR-10 work is normalized with. */
export const cifar10: Partial<RunConfigInput['data']> = {
  imageSize: 32,
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.2023, 0.1994, 0.201],
};
