/** Is that process still the one we knew? A pid alone does not say: systems, and containers above all, reuse them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** True where a process with this pid runs on this machine, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * A text that no later process with the same pid has: boot and start time. Null where the platform does not say
 * (Windows) or the process is gone; then only the pid is compared.
 */
export function identityOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${boot}/${statFields(pid)[19]}`;
    }
    if (process.platform === 'darwin') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    }
  } catch {
    // Gone, or hidden from us.
  }
  return null;
}

/** True where `pid` is alive and, as far as the platform tells, the process that `identity` was taken from. */
export function isSameProcess(pid: number, identity: string | null): boolean {
  if (!isAlive(pid)) return false;
  const now = identityOf(pid);
  return identity === null || now === null || now === identity;
}

/** A process that ended but was not yet waited for still answers to signals. */
function isZombie(pid: number): boolean {
  try {
    return process.platform === 'linux' && statFields(pid)[0] === 'Z';
  } catch {
    return false;
  }
}

/** The fields of /proc/<pid>/stat after the command: [0] is the state, [19] the start time in clock ticks. */
function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
