/**
 * Weights as torchvision, timm, DINO and DINOv2 publish them, made those of our encoders: prefixes of wrappers dropped,
 * layer scales folded into the projections before them, position embeddings interpolated to another number of patches.
 */
import type { HostTensor, HostTensors } from '../../engine';
import { bicubicMatrix } from '../backbones/positions';

export interface Adapted {
  /** By the names of our encoder, where they could be told; others as they were. */
  readonly tensors: HostTensors;
  /** What was done to tensors beside renaming them, e.g. "pos_embed: 14 x 14 patches interpolated to 8 x 8". */
  readonly changes: readonly string[];
}

/** What wrappers of training code put before the names of an encoder. */
const PREFIXES = [
  '',
  'module.',
  'backbone.',
  'module.backbone.',
  'teacher.backbone.',
  'student.backbone.',
  'model.',
  'encoder.',
];

/** @param wanted the tensors of our encoder, by name. */
export function adaptForeignWeights(found: HostTensors, wanted: HostTensors): Adapted {
  const changes: string[] = [];
  const named = withoutPrefix(found, wanted, changes);
  return { tensors: resizePositions(foldLayerScales(named, changes), wanted, changes), changes };
}

/** The prefix under which most of the wanted names are. */
function withoutPrefix(found: HostTensors, wanted: HostTensors, changes: string[]): HostTensors {
  const names = Object.keys(wanted);
  const hits = (prefix: string) => names.filter((name) => prefix + name in found).length;
  const best = PREFIXES.reduce((a, b) => (hits(b) > hits(a) ? b : a));
  if (best === '') return found;
  changes.push(`names: "${best}" dropped`);
  return Object.fromEntries(
    Object.entries(found).map(([name, tensor]) => [
      name.startsWith(best) ? name.slice(best.length) : name,
      tensor,
    ]),
  );
}

/** Which projection a layer scale multiplies the output of. Touvron et al. 2021 (CaiT), equation 10; DINOv2's names. */
const SCALED: Readonly<Record<string, string>> = { ls1: 'attn.proj', ls2: 'mlp.fc2' };

/** gamma (W x + b) = (gamma W) x + gamma b. */
function foldLayerScales(tensors: HostTensors, changes: string[]): HostTensors {
  const scaled: Record<string, HostTensor> = {};
  const folded = new Set<string>();
  for (const [name, gamma] of Object.entries(tensors)) {
    const match = /^(blocks\.\d+)\.(ls[12])\.gamma$/.exec(name);
    const projection = match && `${match[1]}.${SCALED[match[2]]}`;
    const weight = projection && tensors[`${projection}.weight`];
    const bias = projection && tensors[`${projection}.bias`];
    if (!weight || !bias) continue;
    scaled[`${projection}.weight`] = timesRows(weight, gamma);
    scaled[`${projection}.bias`] = timesRows(bias, gamma);
    folded.add(name);
  }
  if (folded.size > 0) changes.push(`${folded.size} layer scales folded into the projections before them`);
  const others = Object.entries(tensors).filter(([name]) => !folded.has(name));
  return { ...Object.fromEntries(others), ...scaled };
}

/** Row i of a tensor times number i of a vector. */
function timesRows(tensor: HostTensor, factors: HostTensor): HostTensor {
  const row = tensor.data.length / factors.data.length;
  const data = Float32Array.from(tensor.data, (value, i) => value * factors.data[Math.floor(i / row)]);
  return { dtype: 'float32', shape: tensor.shape, data };
}

const POSITIONS = 'pos_embed';

/** Bicubic, the class token's own embedding as it is; only where both are squares of patches of one width. */
function resizePositions(tensors: HostTensors, wanted: HostTensors, changes: string[]): HostTensors {
  const from = sideOf(tensors[POSITIONS]);
  const to = sideOf(wanted[POSITIONS]);
  const width = wanted[POSITIONS]?.shape[2];
  if (from === null || to === null || from === to || tensors[POSITIONS].shape[2] !== width) return tensors;
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
  changes.push(`${POSITIONS}: ${from} x ${from} patches interpolated to ${to} x ${to}`);
  return { ...tensors, [POSITIONS]: { dtype: 'float32', shape: [1, 1 + to * to, width], data } };
}

/** Patches along a side of [1, 1 + side^2, width]; null where it is nothing of the kind. */
function sideOf(positions: HostTensor | undefined): number | null {
  if (positions?.shape.length !== 3) return null;
  const side = Math.sqrt(positions.shape[1] - 1);
  return Number.isInteger(side) && side > 0 ? side : null;
}
