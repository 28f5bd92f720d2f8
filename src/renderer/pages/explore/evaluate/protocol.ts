/** From the fields of the Evaluate tab to a protocol, and what a protocol is called. */
import type { ChosenProtocolInput, RetrievalProtocol } from '../../../../shared/explorer/retrieval';
import type { EmbeddingSet } from '../../../../shared/explorer/sets';
import { count } from '../../../lib/format';
import { parseCounts } from '../../run/evaluation-rows';

export type ProtocolKind = RetrievalProtocol['kind'];

export const PROTOCOLS: readonly { value: ProtocolKind; title: string; help: string }[] = [
  {
    value: 'knn',
    title: 'k-NN classification',
    help: 'Evaluation images ask, training images answer: the weighted vote of the k nearest against the true class.',
  },
  {
    value: 'classes',
    title: 'Retrieval by class',
    help: 'Every image asks all others; a result is right where its class is the query’s.',
  },
  {
    value: 'ground-truth',
    title: 'Retrieval by ground truth',
    help: 'Queries and right answers from a file: a CSV, or revisited Oxford and Paris.',
  },
  {
    value: 'copy-blocks',
    title: 'Copy detection',
    help: 'Distorted copies, made by “selvedge copies make”, ask for the image that they were made from.',
  },
];

/** As the fields hold it. */
export interface ProtocolDraft {
  kind: ProtocolKind;
  k: string;
  temperature: string;
  maxQueries: string;
  file: string;
  distractors: string;
}

export const USUAL: ProtocolDraft = {
  kind: 'classes',
  k: '1, 10, 20, 100, 200',
  temperature: '0.07',
  maxQueries: '2000',
  file: '',
  distractors: '',
};

/** What is wrong, by field. */
export type ProtocolIssues = Partial<Record<Exclude<keyof ProtocolDraft, 'kind'>, string>>;

export function issuesOf(draft: ProtocolDraft): ProtocolIssues {
  const temperature = Number(draft.temperature);
  const queries = Number(draft.maxQueries);
  switch (draft.kind) {
    case 'knn':
      return {
        ...(parseCounts(draft.k) ? {} : { k: 'Whole numbers from 1 to 1,000, at most 20 of them.' }),
        ...(temperature > 0 && Number.isFinite(temperature) ? {} : { temperature: 'A number above 0.' }),
      };
    case 'classes':
      return Number.isInteger(queries) && queries >= 1 ? {} : { maxQueries: 'A whole number from 1 on.' };
    case 'ground-truth':
      return draft.file.trim() ? {} : { file: 'Choose the file, or type its path.' };
    case 'copy-blocks':
      return {};
  }
}

/**
 * @param place the handle of `draft.file`, which only a ground truth needs.
 * @returns null where something is wrong, see issuesOf.
 */
export function protocolOf(draft: ProtocolDraft, place: string): ChosenProtocolInput | null {
  if (Object.keys(issuesOf(draft)).length > 0) return null;
  const distractors = draft.distractors || null;
  switch (draft.kind) {
    case 'knn':
      return { kind: 'knn', k: parseCounts(draft.k) ?? [], temperature: Number(draft.temperature) };
    case 'classes':
      return { kind: 'classes', maxQueries: Number(draft.maxQueries), distractors };
    case 'ground-truth':
      return { kind: 'ground-truth', place, distractors };
    case 'copy-blocks':
      return { kind: 'copy-blocks', distractors };
  }
}

/** Why a set cannot be measured this way, before the host says so; undefined where it may. */
export function notMeasurable(kind: ProtocolKind, { classes }: EmbeddingSet): string | undefined {
  return (kind === 'knn' || kind === 'classes') && !classes ? 'These images have no classes.' : undefined;
}

/** "k-NN classification, temperature 0.07". */
export function protocolTitle(protocol: RetrievalProtocol): string {
  const title = PROTOCOLS.find(({ value }) => value === protocol.kind)?.title ?? protocol.kind;
  switch (protocol.kind) {
    case 'knn':
      return `${title}, temperature ${protocol.temperature}`;
    case 'classes':
      return `${title}, at most ${count(protocol.maxQueries)} queries`;
    case 'ground-truth':
      return `${title}: ${protocol.file}`;
    case 'copy-blocks':
      return title;
  }
}
