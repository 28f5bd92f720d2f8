/** The line for a terminal that trains an experiment, or goes on with it. */
import { quote } from './shell-word';

/** What an experiment is trained with. */
interface ExperimentChoice {
  /** Its id. */
  experiment: string;
  /** Before the names of its runs; null is the experiment's id. */
  name: string | null;
  data: string;
  labelled: string | null;
  /** key=value, each as --set takes it. */
  settings: readonly string[];
}

export function experimentCommand({ experiment, name, data, labelled, settings }: ExperimentChoice): string {
  return [
    'selvedge experiment run',
    quote(experiment),
    '--data',
    quote(data),
    ...(labelled === null ? [] : ['--labelled', quote(labelled)]),
    ...settings.flatMap((pair) => ['--set', quote(pair)]),
    ...(name === null || name === experiment ? [] : ['--name', quote(name)]),
  ].join(' ');
}
