/** How busy the machine is, sampled while somebody looks. */
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { Load } from '../../shared/api/host';

/** Milliseconds between samples. */
const PERIOD = 2000;

/** The training process: its heartbeat says how much processor time it has used so far. */
export interface ChildLoad {
  run: string;
  rssBytes: number;
  cpuSeconds: number;
  /** Of the heartbeat, ms. */
  time: number;
}

export class LoadSampler {
  private timer: NodeJS.Timeout | undefined;
  private lookers = 0;
  private before = processorTimes();
  private childBefore: ChildLoad | null = null;
  private childShare = 0;

  constructor(
    private readonly child: () => ChildLoad | null,
    private readonly tell: (load: Load) => void,
  ) {}

  /** @returns ends the looking. */
  watch(): () => void {
    if (this.lookers++ === 0) {
      this.before = processorTimes();
      this.childBefore = this.child();
      this.timer = setInterval(() => this.tell(this.sample()), PERIOD);
    }
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      if (--this.lookers === 0) this.close();
    };
  }

  close(): void {
    clearInterval(this.timer);
  }

  private sample(): Load {
    const now = processorTimes();
    const total = now.total - this.before.total;
    const cpu = total > 0 ? 1 - (now.idle - this.before.idle) / total : 0;
    this.before = now;
    return {
      time: Date.now(),
      cpu: share(cpu),
      memoryUsed: totalmem() - freemem(),
      memoryTotal: totalmem(),
      child: this.sampleChild(),
    };
  }

  /** Between two heartbeats, since only they say what was used. */
  private sampleChild(): Load['child'] {
    const [now, before] = [this.child(), this.childBefore];
    this.childBefore = now;
    if (!now) return null;
    if (before?.run === now.run && now.time > before.time) {
      const used = (now.cpuSeconds - before.cpuSeconds) / ((now.time - before.time) / 1000);
      this.childShare = share(used / availableParallelism());
    } else if (before?.run !== now.run) {
      this.childShare = 0;
    }
    return { run: now.run, cpu: this.childShare, rssBytes: now.rssBytes };
  }
}

const share = (value: number): number => Math.min(1, Math.max(0, value));

/** Milliseconds of all cores since the machine started. */
function processorTimes(): { idle: number; total: number } {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}
