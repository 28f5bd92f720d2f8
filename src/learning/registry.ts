/** All learning methods. A new one is a file in methods/ and a line here. */
import { nearest, UserError } from '../shared/errors';
import type { Method, MethodModel } from './method';
import { barlowTwins } from './methods/barlow-twins';
import { beit } from './methods/beit';
import { byol } from './methods/byol';
import { colorization } from './methods/colorization';
import { data2vec } from './methods/data2vec';
import { data2vecFixed } from './methods/data2vec-fixed';
import { dino } from './methods/dino';
import { fixmatch } from './methods/fixmatch';
import { frameOrder } from './methods/frame-order';
import { ibot } from './methods/ibot';
import { jigsaw } from './methods/jigsaw';
import { mae } from './methods/mae';
import { mocoV3 } from './methods/moco-v3';
import { pirl } from './methods/pirl';
import { pseudoLabels } from './methods/pseudo-labels';
import { rotation } from './methods/rotation';
import { simclr } from './methods/simclr';
import { simsiam } from './methods/simsiam';
import { supervised } from './methods/supervised';
import { swav } from './methods/swav';
import { vicreg } from './methods/vicreg';
import { vqvae } from './methods/vqvae';

/** In the order in which they are offered. */
// prettier-ignore
export const methods: readonly Method[] = [
  erase(simclr),
  erase(mocoV3),
  erase(byol),
  erase(simsiam),
  erase(barlowTwins),
  erase(vicreg),
  erase(swav),
  erase(dino),
  erase(ibot),
  erase(pirl),
  erase(data2vec),
  erase(data2vecFixed),
  erase(mae),
  erase(beit),
  erase(vqvae),
  erase(rotation),
  erase(jigsaw),
  erase(colorization),
  erase(frameOrder),
  erase(fixmatch),
  erase(pseudoLabels),
  erase(supervised),
];

/** @throws UserError naming the nearest method. */
export function findMethod(id: string): Method {
  const method = methods.find((candidate) => candidate.id === id);
  if (method) return method;
  const ids = methods.map((candidate) => candidate.id);
  const near = nearest(id, ids);
  throw new UserError(
    `There is no method "${id}"`,
    near ? `Did you mean "${near}"?` : `Methods: ${ids.join(', ')}.`,
    'usage',
  );
}

/** The method with its options' type forgotten: whatever it is given, it checks against its own schema first. */
function erase<Options>({ sampling, ...method }: Method<Options>): Method {
  return {
    ...method,
    ...(sampling && { sampling: (options) => sampling(method.options.parse(options)) }),
    views: (options, imageSize) => method.views(method.options.parse(options), imageSize),
    build: (context): MethodModel =>
      method.build({ ...context, options: method.options.parse(context.options) }),
  };
}
