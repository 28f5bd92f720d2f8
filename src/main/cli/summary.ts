/** A configuration and a run in a few lines. */
import type { BackboneConfig, RunConfig } from '../../shared/run-config';
import type { MetricSummary } from '../store/metrics';
import { decimal, epochs, integer, parts, percent } from './format';

/** What decides a run, in short. */
export function configLines(config: RunConfig): string[] {
  const { data, optimizer, init } = config;
  const lines = [
    `${config.method} with ${backbone(config.backbone)} at ${data.imageSize} px`,
    parts(
      `images ${data.path}`,
      data.subset !== null && `(${integer(data.subset)} of them)`,
      data.labelsPerClass !== null && `(${data.labelsPerClass} of each class)`,
      data.labelled !== null && `evaluated on ${data.labelled}`,
    ),
    `batch ${config.batchSize}${config.accumulate > 1 ? ` x ${config.accumulate}` : ''}, ${epochs(config.epochs)} epochs, ` +
      `${optimizer.kind} ${decimal(config.learningRate)} ${config.schedule.kind}, seed ${config.seed}, device ${config.device}` +
      (config.maxSteps === null ? '' : `, at most ${integer(config.maxSteps)} steps`),
  ];
  if (config.teacher !== null) lines.push(`learns from ${config.teacher}`);
  if (init) lines.push(`weights from ${init.checkpoint}${init.freezeEncoder ? ', encoder frozen' : ''}`);
  return lines;
}

export function backbone(config: BackboneConfig): string {
  switch (config.kind) {
    case 'resnet':
      return `ResNet-${config.depth}${config.width === 1 ? '' : ` x ${config.width}`} (${config.stem} stem)`;
    case 'vit':
      return `ViT-${config.size}/${config.patch}, ${config.depth} blocks${config.pool === 'mean' ? ', mean of the patches' : ''}`;
    case 'tokenizer':
      return `tokenizer of ${config.stages} stages, ${config.hidden} channels`;
    default:
      return config satisfies never;
  }
}

/** A metric's last value, as a person reads it; empty where it was never measured. */
export function lastValue(name: string, summary: MetricSummary | undefined): string {
  if (!summary) return '';
  return name === 'knn' ? percent(summary.last) : decimal(summary.last);
}
