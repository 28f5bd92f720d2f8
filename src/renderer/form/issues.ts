/** What is wrong with a draft: what can be seen here at once, and what the host says. */
import type { Dataset, DatasetReport } from '../../shared/api/datasets';
import type { Catalogue, DraftIssue, MethodDescription } from '../../shared/api/set-up';
import { schemaAt, type Form } from './changes';
import { checkConfig, wrong } from './check';
import { parentOf, valueAt, type Config } from './paths';

/** @param typed texts that are no values, by path. */
export function localIssues(form: Form, typed: Readonly<Record<string, string>>): DraftIssue[] {
  const unreadable = Object.entries(typed).map(([path, text]) =>
    wrong(schemaOfTyped(form, path), path, text),
  );
  // A text stands for the value that it would replace.
  const checked = checkConfig(form.schema, form.config).filter(({ path }) => !(path in typed));
  return [...unreadable, ...checked];
}

/** Of a setting, or of an element of a tuple: "data.mean.1". */
function schemaOfTyped({ schema, config }: Form, path: string) {
  const own = schemaAt(schema, config, path);
  if (own) return own;
  const tuple = schemaAt(schema, config, parentOf(path));
  return tuple?.prefixItems?.[0] ?? tuple ?? {};
}

/** What stands against training on this data with these settings. */
export function dataIssues(
  config: Config,
  dataset: Dataset | undefined,
  method: MethodDescription | undefined,
  catalogue: Catalogue | null,
): DraftIssue[] {
  if (!dataset) return [];
  if (dataset.state === 'failed' || dataset.state === 'missing') {
    const message = dataset.failure ?? `${dataset.name} cannot be used as it is`;
    return [{ path: 'data.path', message, hint: dataset.hint }];
  }
  const { report } = dataset;
  if (!report) return [];
  const labels = report.classes || !method?.needsLabels ? [] : [withoutLabels(dataset, method, catalogue)];
  return [...labels, ...tooFewImages(config, report)];
}

function withoutLabels(
  { name }: Dataset,
  { title }: MethodDescription,
  catalogue: Catalogue | null,
): DraftIssue {
  const other = catalogue?.methods.find(({ needsLabels }) => !needsLabels);
  return {
    path: 'data.path',
    message: `${title} learns from labels, and ${name} has none`,
    hint:
      'Put the images into one sub-folder a class and check the data again' +
      (other ? `, or choose a method that needs no labels, such as ${other.title}.` : '.'),
  };
}

/** A method that learns from a trained network needs one. */
export function teacherIssues(config: Config, method: MethodDescription | undefined): DraftIssue[] {
  if (!method?.needsTeacher || config['teacher']) return [];
  return [
    {
      path: 'teacher',
      message: `${method.title} learns from ${method.needsTeacher}`,
      hint: 'Choose it, or train one first.',
    },
  ];
}

/** A batch that the images cannot fill means no step at all. */
function tooFewImages(config: Config, report: DatasetReport): DraftIssue[] {
  const batch = valueAt(config, 'batchSize');
  const heldOut = valueAt(config, 'data.heldOut');
  if (typeof batch !== 'number' || typeof heldOut !== 'number') return [];
  const most = report.splits?.[0]?.count ?? report.images - Math.round(report.images * heldOut);
  const subset = valueAt(config, 'data.subset');
  const images = typeof subset === 'number' ? Math.min(subset, most) : most;
  if (batch <= images || images < 2) return [];
  return [
    {
      path: 'batchSize',
      message: `${images.toLocaleString('en-US')} images are trained on: they do not fill a batch of ${batch}`,
      hint: `Set it to ${2 ** Math.floor(Math.log2(images))} or less, or add images.`,
    },
  ];
}

/** One issue a setting: what is seen here is as new as the form, the host's word may be older. */
export function mergeIssues(own: readonly DraftIssue[], hosts: readonly DraftIssue[]): DraftIssue[] {
  const known = new Set(own.map(({ path }) => path));
  return [...own, ...hosts.filter(({ path }) => !known.has(path))];
}
