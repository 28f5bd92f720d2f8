/** The sections beside the charts, and which of them are open: kept in this browser. */

export const SECTIONS = [
  { id: 'views', title: 'What the network sees' },
  { id: 'pictures', title: 'What it makes of images' },
  { id: 'evaluations', title: 'Evaluations' },
  { id: 'fine-tuning', title: 'Fine-tuning' },
  { id: 'checkpoints', title: 'Checkpoints' },
  { id: 'configuration', title: 'Configuration' },
  { id: 'log', title: 'Log' },
  { id: 'system', title: 'System' },
  { id: 'history', title: 'History' },
  { id: 'notes', title: 'Notes and tags' },
] as const;
export type SectionId = (typeof SECTIONS)[number]['id'];

/** For narrow tabs. */
export const shortTitle: Readonly<Record<SectionId, string>> = {
  views: 'Views',
  pictures: 'Pictures',
  evaluations: 'Evaluations',
  'fine-tuning': 'Fine-tuning',
  checkpoints: 'Checkpoints',
  configuration: 'Configuration',
  log: 'Log',
  system: 'System',
  history: 'History',
  notes: 'Notes',
};

const KEY = 'selvedge.run.sections';
const USUAL: readonly SectionId[] = ['views', 'pictures', 'evaluations', 'checkpoints'];

function parse(text: string | null): readonly SectionId[] {
  try {
    const open: unknown = JSON.parse(text ?? '');
    return Array.isArray(open) ? SECTIONS.map(({ id }) => id).filter((id) => open.includes(id)) : USUAL;
  } catch {
    return USUAL;
  }
}

class OpenSections {
  #open: readonly SectionId[] = $state.raw(parse(localStorage.getItem(KEY)));

  has(id: SectionId): boolean {
    return this.#open.includes(id);
  }

  set(id: SectionId, open: boolean): void {
    if (this.has(id) === open) return;
    this.#open = open ? [...this.#open, id] : this.#open.filter((other) => other !== id);
    localStorage.setItem(KEY, JSON.stringify(this.#open));
  }
}

export const openSections = new OpenSections();
