/**
 * Weights as torchvision, timm, DINO and DINOv2 publish them, made those of our encoders: prefixes of wrappers dropped,
 * layer scales folded into the projections before them, timm's fc_norm taken for norm, position embeddings interpolated
 * to another number of patches.
 */
import type { HostTensor, HostTensors } from '../../engine';
import { bicubicMatrix } from '../backbones/positions';

export interface Adapted {
  /** By the names of our encoder, where they could be told; others as they were. */
  readonly tensors: HostTensors;
  /** The wrapper's prefix that was dropped from names; "" where there was none. */
  readonly prefix: string;
  /** Names of our encoder by those of the file without the prefix, where they differ. */
  readonly renamed: Readonly<Record<string, string | undefined>>;
  /** Tensors whose values are no longer the file's, by name without the prefix; some are worked into others. */
  readonly alterations: Readonly<Record<string, Alteration>>;
  /** What was done to all of them, in words, e.g. "pos_embed: 14 x 14 patches interpolated to 8 x 8". */
  readonly changes: readonly string[];
}

export interface Alteration {
  readonly what: 'resized' | 'changed';
  readonly note: string;
}

/** One step's work: tensors by name, what was altered, and that in words. */
type Step = Omit<Adapted, 'prefix' | 'renamed'>;

/** What wrappers of training code put before the names of an encoder, one after the other. */
const WRAPPERS = /^(?:(?:module|teacher|student|backbone|model|encoder)\.)*/;

/** @param wanted the tensors of our encoder, by name. */
export function adaptForeignWeights(found: HostTensors, wanted: HostTensors): Adapted {
  const prefix = prefixOf(found, wanted);
  const named = Object.fromEntries(
    Object.entries(found).map(([name, tensor]) => [withoutPrefix(name, prefix), tensor]),
  );
  const renamed = renamedOf(named);
  const folded = foldLayerScales(
    Object.fromEntries(Object.entries(named).map(([name, tensor]) => [renamed[name] ?? name, tensor])),
  );
  const resized = resizePositions(folded.tensors, wanted);
  return {
    tensors: resized.tensors,
    prefix,
    renamed,
    alterations: { ...folded.alterations, ...resized.alterations },
    changes: [
      ...(prefix === '' ? [] : [`names: "${prefix}" dropped`]),
      ...('fc_norm.weight' in renamed ? ['fc_norm is norm here'] : []),
      ...folded.changes,
      ...resized.changes,
    ],
  };
}

export const withoutPrefix = (name: string, prefix: string): string =>
  name.startsWith(prefix) ? name.slice(prefix.length) : name;

/** The prefix of wrappers under which most of the wanted names are; a teacher's before a student's. */
function prefixOf(found: HostTensors, wanted: HostTensors): string {
  const names = Object.keys(wanted);
  const hits = (prefix: string) => names.filter((name) => prefix + name in found).length;
  const prefixes = [...new Set(Object.keys(found).map((name) => WRAPPERS.exec(name)?.[0] ?? ''))].sort();
  const teachersFirst = [
    ...prefixes.filter((prefix) => !prefix.includes('student.')),
    ...prefixes.filter((prefix) => prefix.includes('student.')),
  ];
  return teachersFirst.reduce((a, b) => (hits(b) > hits(a) ? b : a), '');
}

/** The last normalization as timm names it where it comes after the mean of the patches: our norm. */
const FC_NORM = /^fc_norm\./;

/** The file's names of tensors that have another one here, by these; none where the file has a norm beside fc_norm. */
function renamedOf(tensors: HostTensors): Adapted['renamed'] {
  const names = 'norm.weight' in tensors ? [] : Object.keys(tensors).filter((name) => FC_NORM.test(name));
  return Object.fromEntries(names.map((name) => [name, name.replace(FC_NORM, 'norm.')]));
}

/** Which projection a layer scale multiplies the output of. Touvron et al. 2021 (CaiT), equation 10; DINOv2's names. */
const SCALED: Readonly<Record<string, string>> = { ls1: 'attn.proj', ls2: 'mlp.fc2' };

/** gamma (W x + b) = (gamma W) x + gamma b. */
function foldLayerScales(tensors: HostTensors): Step {
  const scaled: Record<string, HostTensor> = {};
  const folded = new Set<string>();
  const alterations: Record<string, Alteration> = {};
  for (const [name, gamma] of Object.entries(tensors)) {
    const match = /^(blocks\.\d+)\.(ls[12])\.gamma$/.exec(name);
    const projection = match && `${match[1]}.${SCALED[match[2]]}`;
    const weight = projection && tensors[`${projection}.weight`];
    const bias = projection && tensors[`${projection}.bias`];
    if (!weight || !bias) continue;
    scaled[`${projection}.weight`] = timesRows(weight, gamma);
    scaled[`${projection}.bias`] = timesRows(bias, gamma);
    for (const part of ['weight', 'bias'])
      alterations[`${projection}.${part}`] = {
        what: 'changed',
        note: `multiplied by the layer scale ${name}`,
      };
    alterations[name] = { what: 'changed', note: `multiplied into ${projection}` };
    folded.add(name);
  }
  const others = Object.entries(tensors).filter(([name]) => !folded.has(name));
  return {
    tensors: { ...Object.fromEntries(others), ...scaled },
    alterations,
    changes: folded.size > 0 ? [`${folded.size} layer scales folded into the projections before them`] : [],
  };
}

/** Row i of a tensor times number i of a vector. */
function timesRows(tensor: HostTensor, factors: HostTensor): HostTensor {
  const row = tensor.data.length / factors.data.length;
  const data = Float32Array.from(tensor.data, (value, i) => value * factors.data[Math.floor(i / row)]);
  return { dtype: 'float32', shape: tensor.shape, data };
}

const POSITIONS = 'pos_embed';

/** Bicubic, the class token's own embedding as it is; only where both are squares of patches of one width. */
function resizePositions(tensors: HostTensors, wanted: HostTensors): Step {
  const from = sideOf(tensors[POSITIONS]);
  const to = sideOf(wanted[POSITIONS]);
  const width = wanted[POSITIONS]?.shape[2];
  if (from === null || to === null || from === to || tensors[POSITIONS].shape[2] !== width)
    return { tensors, alterations: {}, changes: [] };
  const matrix = bicubicMatrix(from, to);
  const old = tensors[POSITIONS].data;
  const data = new Float32Array((1 + to * to) * width);
  data.set(old.subarray(0, width));
  for (let y = 0; y < to; y++)
    for (let x = 0; x < to; x++)
      for (let i = 0; i < from; i++) {
        if (matrix[y * from + i] === 0) continue;
        for (let j = 0; j < from; j++) {
          const weight = matrix[y * from + i] * matrix[x * from + j];
          if (weight === 0) continue;
          for (let k = 0; k < width; k++)
            data[(1 + y * to + x) * width + k] += weight * old[(1 + i * from + j) * width + k];
        }
      }
  const note = `${from} x ${from} patches interpolated to ${to} x ${to}`;
  return {
    tensors: { ...tensors, [POSITIONS]: { dtype: 'float32', shape: [1, 1 + to * to, width], data } },
    alterations: { [POSITIONS]: { what: 'resized', note } },
    changes: [`${POSITIONS}: ${note}`],
  };
}

/** Patches along a side of [1, 1 + side^2, width]; null where it is nothing of the kind. */
function sideOf(positions: HostTensor | undefined): number | null {
  if (positions?.shape.length !== 3) return null;
  const side = Math.sqrt(positions.shape[1] - 1);
  return Number.isInteger(side) && side > 0 ? side : null;
}
