/** Asks a slow question about something that keeps changing, and never lets an old answer pass for a new one. */

/** Where a question stands: before its delay is over, on its way, or at rest. */
export type Pending = 'waiting' | 'asking' | null;

export interface LatestOptions<Question, Answer> {
  /** Milliseconds of quiet before the question is asked. */
  readonly delay: number;
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>;
  /** Not called for a question that another has replaced. */
  readonly onAnswer: (answer: Answer, question: Question) => void;
  readonly onError: (error: unknown, question: Question) => void;
  /** Called when it begins to wait or to ask, and when it comes to rest. */
  readonly onPending?: (pending: Pending) => void;
}

export class Latest<Question, Answer> {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(private readonly options: LatestOptions<Question, Answer>) {}

  /** Replaces the question before; it is asked after the delay. */
  ask(question: Question): void {
    this.#drop();
    this.options.onPending?.('waiting');
    this.#timer = setTimeout(() => void this.#run(question), this.options.delay);
  }

  /** Replaces the question before and is asked at once. */
  askNow(question: Question): void {
    this.#drop();
    void this.#run(question);
  }

  /** Forgets the question; no answer to it will be told. */
  cancel(): void {
    this.#drop();
    this.options.onPending?.(null);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = undefined;
  }

  async #run(question: Question): Promise<void> {
    const mine = (this.#asking = new AbortController());
    const isMine = (): boolean => this.#asking === mine;
    this.options.onPending?.('asking');
    try {
      const answer = await this.options.ask(question, mine.signal);
      if (isMine()) this.options.onAnswer(answer, question);
    } catch (error) {
      if (isMine()) this.options.onError(error, question);
    }
    if (!isMine()) return;
    this.#asking = undefined;
    this.options.onPending?.(null);
  }
}
