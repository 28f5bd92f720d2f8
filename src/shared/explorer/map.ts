/** The map: all vectors of a set in two dimensions. Distances shown anywhere are those of the original space. */
import * as z from 'zod';
import { setIdSchema } from './sets';

export const mapMethodSchema = z.enum(['umap', 'pca']);
export type MapMethod = z.infer<typeof mapMethodSchema>;

export const mapRequestSchema = z.strictObject({
  set: setIdSchema,
  method: mapMethodSchema,
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  /** UMAP only, the point itself counted. */
  neighbours: z.int().min(2).max(200).default(15),
  minDistance: z.number().min(0).max(1).default(0.1),
  /** k-means clusters in the original space; 0 chooses the number of classes, or 10. */
  clusters: z.int().min(0).max(500).default(0),
});
export type MapRequest = z.infer<typeof mapRequestSchema>;

/** `map-<method>.json` in a set's folder; the points lie beside it, see `pointsFile`. */
export const mapInfoSchema = z.object({
  request: mapRequestSchema,
  count: z.int(),
  madeAt: z.number(),
  seconds: z.number(),
  /** Share of each point's 15 nearest in the original space that are among its 15 nearest on the map; of a sample. */
  preservation: z.object({ value: z.number(), k: z.int(), points: z.int() }),
  /** Share of the true nearest, of the same sample, that UMAP was given: 1 where all were compared. UMAP only. */
  recall: z.number().nullable(),
  /** By cluster number: its majority label with its share, and its size. */
  clusters: z.array(
    z.object({
      name: z.string(),
      label: z.string().nullable(),
      purity: z.number().nullable(),
      count: z.int(),
    }),
  ),
  /** Share of variance along both axes, PCA only. */
  variance: z.array(z.number()).nullable(),
});
export type MapInfo = z.infer<typeof mapInfoSchema>;

/** Of a MapInfo, as JSON; written after its points, so that what it speaks of is there. */
export const mapFile = (method: MapMethod): string => `map-${method}.json`;
/** Another name for each map: the points of one never stand beside the figures of another. */
export const pointsFile = ({ request, madeAt }: Pick<MapInfo, 'request' | 'madeAt'>): string =>
  `map-${request.method}-${madeAt}.points`;

/** As /data/sets/<set>/map?method=umap has it: x, y in [-1, 1], then cluster numbers. */
export interface MapPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly cluster: Uint32Array;
}

export function encodePoints({ x, y, cluster }: MapPoints): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(x.length * 12);
  out.set(new Uint8Array(x.buffer, x.byteOffset, x.byteLength), 0);
  out.set(new Uint8Array(y.buffer, y.byteOffset, y.byteLength), x.length * 4);
  out.set(new Uint8Array(cluster.buffer, cluster.byteOffset, cluster.byteLength), x.length * 8);
  return out;
}

/** @throws Error where the bytes are not a whole number of points. */
export function decodePoints(bytes: ArrayBuffer): MapPoints {
  const length = bytes.byteLength / 12;
  if (!Number.isInteger(length)) throw new Error(`Points of ${bytes.byteLength} bytes are cut off`);
  return {
    x: new Float32Array(bytes, 0, length),
    y: new Float32Array(bytes, length * 4, length),
    cluster: new Uint32Array(bytes, length * 8, length),
  };
}
