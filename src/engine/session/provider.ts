/** onnxruntime's execution providers, and how a session is opened on each. */
import type { InferenceSession } from '../onnxruntime';
import type { DeviceOptions } from '../types';

/** As onnxruntime calls them; `dml` is DirectML. What a provider lacks runs on the CPU within the same session. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** @param profile a path that the profile's file name begins with; null does not profile. */
export function sessionOptions(
  provider: Provider,
  { threads }: Pick<DeviceOptions, 'threads'>,
  profile: string | null = null,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    // Our graphs come optimized; on the CPU onnxruntime would merge two cheap transposes into one slow one.
    graphOptimizationLevel: provider === 'cpu' ? 'disabled' : 'all',
    // One block for all that a run takes would be had beside what the arena took for the first run: 1.1 GiB more for a
    // ResNet-18 with 128 images, and no faster.
    enableMemPattern: false,
    // Warnings speak of onnxruntime's inner choices, which nobody here can act on.
    logSeverityLevel: 3,
    ...(profile && { enableProfiling: true, profileFilePrefix: profile }),
    extra: { session: { set_denormal_as_zero: '1' } },
  };
}
