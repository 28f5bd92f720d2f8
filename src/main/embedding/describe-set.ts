/** An embedding set as windows and the command line see it. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { EmbeddingSet, SetWork } from '../../shared/explorer/sets';
import { messageOf } from '../../shared/errors';
import type { Host } from '../host';
import type { StoredSet } from '../store/embedding-sets';
import { encoderName, encoderSource } from './recipe';

/** What it is called, from the store alone: it is asked at each query and picture. */
export function namesOfSet(
  host: Host,
  set: StoredSet,
): Pick<EmbeddingSet, 'name' | 'encoderName' | 'dataName'> {
  const name = encoderName(host, set.recipe) ?? set.encoderName;
  const dataName = set.dataPath === 'sample' ? 'Sample' : basename(set.dataPath);
  return { name: `${name} on ${dataName}`, encoderName: name, dataName };
}

/** @param work under way on it. */
export function describeSet(host: Host, set: StoredSet, work: SetWork | null = null): EmbeddingSet {
  const { recipe, dataPath, report, facts } = set;
  return {
    id: set.id,
    ...namesOfSet(host, set),
    space: set.space,
    recipe,
    dataPath,
    state: work?.kind === 'embedding' ? 'embedding' : set.state,
    failure: set.failure,
    hint: set.hint,
    work,
    count: set.count,
    size: set.size,
    classes: report.classes,
    skipped: report.skipped,
    rate: report.rate,
    bytes: report.bytes,
    createdAt: set.createdAt,
    updatedAt: set.updatedAt,
    ...facts,
    warnings: [...warningsOf(host, set), ...report.notes],
  };
}

function warningsOf(host: Host, set: StoredSet): string[] {
  const { dataPath, recipe, count, report, updatedAt } = set;
  const warnings: string[] = [];
  if (dataPath !== 'sample' && !existsSync(dataPath))
    warnings.push(
      `There is nothing at ${dataPath} any more: what was embedded can still be searched, but not shown or updated.`,
    );
  try {
    encoderSource(host, recipe.encoder);
  } catch (error) {
    warnings.push(
      `The encoder is not there any more, so that only images of the set can be searched with: ${messageOf(error)}`,
    );
  }
  const data = host.store.catalogue.datasets().find(({ id }) => id === recipe.dataset);
  const images = imagesIn(data?.report);
  // Of images that can be read, some may have been left out for their vectors.
  const differ = images !== null && (images < count || images > count + report.skipped.length);
  if (set.state === 'ready' && differ && (data?.checkedAt ?? 0) > updatedAt)
    warnings.push(
      `The folder held ${images.toLocaleString('en-US')} images when it was last checked, the set has ${count.toLocaleString('en-US')}: update it.`,
    );
  if (report.skipped.length > 0)
    warnings.push(
      `${report.skipped.length.toLocaleString('en-US')} ${report.skipped.length === 1 ? 'file is' : 'files are'} left out, the first is ${report.skipped[0].path}: ${report.skipped[0].reason}.`,
    );
  return warnings;
}

function imagesIn(report: unknown): number | null {
  const images = typeof report === 'object' && report !== null && 'images' in report ? report.images : null;
  return typeof images === 'number' ? images : null;
}
