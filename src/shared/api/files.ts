/**
 * What the host serves beside the procedures: pages, pictures and arrays, all by GET and all named by ids that the
 * host gave out. In Electron the origin is app://selvedge, in a browser http://127.0.0.1:<port>.
 *
 *   /data/runs?metrics=loss,knn                      RunRows, JSON
 *   /data/runs/<run>/curve?name=loss&parts=2000      curve parts, binary, see decodeCurve
 *   /data/runs/<run>/export?format=csv               all points of a run
 *   /data/runs.csv?ids=a,b&metrics=loss,knn          the runs table
 *   /pictures/datasets/<id>/<index>?size=96          a thumbnail, JPEG
 *   /pictures/views/<preview>/<image>/<view>         PNG; view "original" is the image itself
 *   /pictures/runs/<run>/<step>/<place>              PNG; what the method showed of itself
 *   /queries                                         POST: an image to search with, its bytes; ?name=photo.jpg
 *   /pictures/queries/<id>?size=512                  the same, as a JPEG
 *   /pictures/sets/<set>/<row>?size=96&name=a.jpg&v=1  a thumbnail of a row, JPEG; rowPictureUrl says what for; up to
 *                                                    CLOSE_UP px to look at it closely
 *   /data/sets/<set>/images                          the rows' SetImages, JSON lines
 *   /data/sets/<set>/copies                          pairs, binary, see explorer/copies.ts
 *   /data/sets/<set>/map?method=umap                 points, binary, see explorer/map.ts
 *   /exports/<id>                                    a file that an export wrote
 */

/** The JSON of any answer that is not 2xx. */
export interface Problem {
  message: string;
  hint: string | null;
}

/** Columns of a curve part, in this order, each a Float64. Times in ms, NaN where there is no value. */
export const CURVE_COLUMNS = ['step', 'epoch', 'time', 'min', 'max', 'mean', 'last'] as const;
export type CurveColumn = (typeof CURVE_COLUMNS)[number];
/** A curve cut into parts of equal width in steps; `step`, `epoch`, `time` and `last` are of a part's last point. */
export type Curve = Record<CurveColumn, Float64Array>;

export function curveUrl(
  run: string,
  name: string,
  parts: number,
  range?: { from: number; to: number },
): string {
  const query = new URLSearchParams({ name, parts: String(parts) });
  if (range) {
    query.set('from', String(Math.floor(range.from)));
    query.set('to', String(Math.ceil(range.to)));
  }
  return `/data/runs/${encodeURIComponent(run)}/curve?${query.toString()}`;
}

export const runRowsUrl = (metrics: readonly string[]): string =>
  `/data/runs?${new URLSearchParams({ metrics: metrics.join(',') }).toString()}`;

export const runsCsvUrl = (ids: readonly string[], metrics: readonly string[]): string =>
  `/data/runs.csv?${new URLSearchParams({ ids: ids.join(','), metrics: metrics.join(',') }).toString()}`;

export const pointsCsvUrl = (run: string): string =>
  `/data/runs/${encodeURIComponent(run)}/export?format=csv`;

/** @param size of the longer side, px. */
export const thumbnailUrl = (dataset: string, index: number, size = 96): string =>
  `/pictures/datasets/${encodeURIComponent(dataset)}/${index}?size=${size}`;

export const viewUrl = (preview: string, image: number, view: number | 'original'): string =>
  `/pictures/views/${encodeURIComponent(preview)}/${image}/${view}`;

/** @param place among the step's pictures, from 0. */
export const pictureUrl = (run: string, step: number, place: number): string =>
  `/pictures/runs/${encodeURIComponent(run)}/${step}/${place}`;

/** POST the bytes of a file; the answer is a QueryImage. @param name of the file. */
export const queriesUrl = (name: string): string => `/queries?${new URLSearchParams({ name }).toString()}`;
export const queryPictureUrl = (id: string, size = 512): string =>
  `/pictures/queries/${encodeURIComponent(id)}?size=${size}`;
/** Longest side of a small picture, px. */
export const LARGEST_THUMBNAIL = 1024;
/** Longest side of a picture that is looked at closely, px: it is compressed so little that no fault of it is ours. */
export const CLOSE_UP = 4096;
/**
 * @param size of the longer side, px.
 * @param of `name` of the image that is meant, found also where the row is of another one by now; `version` of the set,
 * its `updatedAt`: with it the picture is kept until that changes, without it for some minutes.
 */
export function rowPictureUrl(
  set: string,
  row: number,
  size = 96,
  { name, version }: { name?: string | undefined; version?: number | undefined } = {},
): string {
  const query = new URLSearchParams({ size: String(size) });
  if (name !== undefined) query.set('name', name);
  if (version !== undefined) query.set('v', String(version));
  return `/pictures/sets/${encodeURIComponent(set)}/${row}?${query.toString()}`;
}
export const setImagesUrl = (set: string): string => `/data/sets/${encodeURIComponent(set)}/images`;
export const copiesUrl = (set: string): string => `/data/sets/${encodeURIComponent(set)}/copies`;
export const mapUrl = (set: string, method: 'umap' | 'pca'): string =>
  `/data/sets/${encodeURIComponent(set)}/map?method=${method}`;

export const exportUrl = (id: string): string => `/exports/${encodeURIComponent(id)}`;

/** Column after column, each of the same length. */
export function encodeCurve(curve: Curve): Uint8Array<ArrayBuffer> {
  const { length } = curve.step;
  const all = new Float64Array(length * CURVE_COLUMNS.length);
  CURVE_COLUMNS.forEach((column, index) => all.set(curve[column], index * length));
  return new Uint8Array(all.buffer);
}

/** @throws Error where the bytes are not a whole number of columns. */
export function decodeCurve(bytes: ArrayBuffer): Curve {
  const length = bytes.byteLength / 8 / CURVE_COLUMNS.length;
  if (!Number.isInteger(length)) throw new Error(`A curve of ${bytes.byteLength} bytes is cut off`);
  const column = (index: number) => new Float64Array(bytes, index * length * 8, length);
  return Object.fromEntries(CURVE_COLUMNS.map((name, index) => [name, column(index)])) as Curve;
}
