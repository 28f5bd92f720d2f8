/** The lowerings there are. */
import { kernels } from '../kernels';
import type { Target } from './lowering';

/** Standard ONNX ops in NCHW: GPU providers, and files for other programs. */
export const portable: Target = { name: 'portable', kernels: [kernels], block: null, fusedMatMul: false };

/** The fastest lowering for the processor at hand. */
export async function cpuTarget(): Promise<Target> {
  return { ...portable, name: 'cpu', fusedMatMul: true };
}
