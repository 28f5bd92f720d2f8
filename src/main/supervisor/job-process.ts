/** One child process that does one job: started, listened to, watched, stopped or killed, and its end told once. */
import { fork, type ChildProcess } from 'node:child_process';
import { messageOf } from '../../shared/errors';
import {
  PROTOCOL_VERSION,
  runnerMessageSchema,
  type HostMessage,
  type Job,
  type RunnerMessage,
  type Unversioned,
} from '../../shared/protocol';
import { childEnvironment } from './child-environment';
import { explainExit } from './exit-report';
import { nodePath } from './node-path';
import { OutputTail } from './output-tail';
import { defaultPatience, Watchdog, type Patience } from './watchdog';

/** How long a child may take to obey, in milliseconds. */
export interface Grace {
  /** From the stop message to SIGTERM: a step in hand and a checkpoint. */
  stop: number;
  /** From SIGTERM to SIGKILL, and from the answer to the end of the process. */
  terminate: number;
}

export interface Runner {
  /** The built runner, out/runner/index.js. */
  script: string;
  /** The Node that runs it; see {@link nodePath}. */
  execPath?: string;
  patience?: Patience;
  grace?: Grace;
}

export type JobOutcome =
  | { kind: 'answered'; value: unknown }
  /** The child said what went wrong. */
  | { kind: 'failed'; failure: Extract<RunnerMessage, { type: 'failed' }> }
  /** The child ended, hung or spoke nonsense without an answer. */
  | { kind: 'lost'; message: string; hint: string };

export interface JobEnd {
  outcome: JobOutcome;
  exitCode: number | null;
  exitSignal: string | null;
  /** A stop or kill was asked for before the end. */
  stopped: boolean;
  /** The last lines of standard output and error together. */
  output: readonly string[];
}

export interface JobHooks {
  onMessage?: (message: RunnerMessage) => void;
  onLine?: (source: 'stdout' | 'stderr', line: string) => void;
}

const OUTPUT_KEPT = 200;
const DEFAULT_GRACE: Grace = { stop: 120_000, terminate: 10_000 };
/** Grandchildren may hold a dead child's pipes open: no longer than this, in milliseconds. */
const PIPES_AFTER_EXIT = 2000;

export class JobProcess {
  /** Settles once, never rejects. */
  readonly ended: Promise<JobEnd>;
  private readonly child: ChildProcess;
  private readonly watchdog: Watchdog;
  private readonly grace: Grace;
  private readonly tail: OutputTail;
  private readonly timers = new Set<NodeJS.Timeout>();
  private outcome: JobOutcome | undefined;
  private started = false;
  private stopped = false;
  /** Said before the child listened. */
  private waiting: Unversioned<HostMessage>[] = [];

  constructor(
    runner: Runner,
    private readonly job: Job,
    private readonly hooks: JobHooks = {},
  ) {
    this.grace = runner.grace ?? DEFAULT_GRACE;
    this.tail = new OutputTail(OUTPUT_KEPT);
    this.child = fork(runner.script, [], {
      execPath: runner.execPath ?? nodePath(),
      execArgv: ['--enable-source-maps'],
      env: childEnvironment(),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    this.watchdog = new Watchdog(runner.patience ?? defaultPatience(), (silence, phase) => {
      this.lose({
        message: `The runner process said nothing for ${Math.round(silence / 1000)} s${phase ? ` while ${phase}` : ''}; it was ended.`,
        hint: 'Resume the run. Where a single step is that slow, set SELVEDGE_HEARTBEAT_SECONDS higher, or use a smaller batchSize.',
      });
    });
    this.ended = this.untilEnd();
    this.capture('stdout');
    this.capture('stderr');
    this.child.on('message', (message) => this.receive(message));
  }

  /** Undefined where the process could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks the child to end: training finishes its step and writes a checkpoint, other jobs just end. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    if (this.started && this.job.kind === 'train') {
      this.send({ type: 'stop' });
      this.after(this.grace.stop, () => this.terminate());
    } else {
      this.terminate();
    }
  }

  /** Says something to the job; it hears it after its start. */
  send(message: Unversioned<HostMessage>): void {
    if (!this.started) {
      this.waiting.push(message);
      return;
    }
    // A child that is already gone is reported by its end, not by this.
    this.child.send({ version: PROTOCOL_VERSION, ...message }, () => {});
  }

  /** Ends the child at once. What it had not written is lost. */
  kill(): void {
    this.stopped = true;
    this.child.kill('SIGKILL');
  }

  private receive(raw: unknown): void {
    if (this.outcome) return;
    const parsed = runnerMessageSchema.safeParse(raw);
    if (!parsed.success) {
      this.refuse(raw, messageOf(parsed.error));
      return;
    }
    const message = parsed.data;
    this.watchdog.hear(message);
    if (message.type === 'ready') this.begin();
    else if (message.type === 'result') this.conclude({ kind: 'answered', value: message.value });
    else if (message.type === 'failed') this.conclude({ kind: 'failed', failure: message });
    this.hooks.onMessage?.(message);
  }

  private begin(): void {
    if (this.stopped || this.started) return;
    this.started = true;
    this.send({ type: 'start', job: this.job });
    for (const message of this.waiting) this.send(message);
    this.waiting = [];
  }

  /** A message that is not in the contract: two builds are mixed, or one has a bug. Neither may go on. */
  private refuse(raw: unknown, why: string): void {
    const version = typeof raw === 'object' && raw !== null && 'version' in raw ? raw.version : undefined;
    if (version !== PROTOCOL_VERSION && typeof version === 'number') {
      this.lose({
        message: `The runner process speaks protocol ${version}, this program speaks ${PROTOCOL_VERSION}.`,
        hint: 'Parts of two versions are mixed: build or install Selvedge again.',
      });
    } else {
      this.lose({
        message: `The runner process sent a message that is not in the protocol: ${why}`,
        hint: 'This is a bug in Selvedge. The run can be resumed from its last checkpoint.',
      });
    }
  }

  private conclude(outcome: JobOutcome): void {
    this.outcome = outcome;
    this.watchdog.stop();
    this.after(this.grace.terminate, () => this.child.kill('SIGKILL'));
  }

  private lose(explanation: { message: string; hint: string }): void {
    this.outcome = { kind: 'lost', ...explanation };
    this.watchdog.stop();
    this.terminate();
  }

  private terminate(): void {
    this.child.kill('SIGTERM');
    this.after(this.grace.terminate, () => this.child.kill('SIGKILL'));
  }

  private capture(source: 'stdout' | 'stderr'): void {
    const lines = new OutputTail(1, (line) => {
      this.tail.push(`${line}\n`);
      this.hooks.onLine?.(source, line);
    });
    this.child[source]?.setEncoding('utf8');
    this.child[source]?.on('data', (chunk: string) => lines.push(chunk));
    this.child[source]?.on('end', () => lines.end());
  }

  private after(milliseconds: number, action: () => void): void {
    this.timers.add(setTimeout(action, milliseconds));
  }

  private untilEnd(): Promise<JobEnd> {
    return new Promise((resolve) => {
      const settle = (code: number | null, signal: string | null) => {
        this.watchdog.stop();
        for (const timer of this.timers) clearTimeout(timer);
        const output = this.tail.lines();
        const outcome = this.outcome ?? { kind: 'lost', ...explainExit(code, signal, output) };
        resolve({ outcome, exitCode: code, exitSignal: signal, stopped: this.stopped, output });
      };
      // 'close' comes after the last message and line, 'exit' may come before them.
      this.child.on('close', settle);
      this.child.on('exit', (code, signal) => this.after(PIPES_AFTER_EXIT, () => settle(code, signal)));
      this.child.on('error', (error) => {
        if (this.child.pid !== undefined) return;
        this.outcome = {
          kind: 'lost',
          message: `The runner process could not be started: ${error.message}.`,
          hint: 'Is Selvedge installed completely? Run `npm ci` and `npm run build` again.',
        };
        settle(null, null);
      });
    });
  }
}
