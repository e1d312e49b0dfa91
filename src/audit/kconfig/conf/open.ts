// A run of conf over a model.

import { evaluationOrder } from '../order.ts';
import type { KconfigModel } from '../model.ts';
import { ConfState, TooDeep } from './state.ts';

/**
 * Runs `work` on a configuration in which nothing has been answered yet. Where dependencies form
 * chains too long to be followed one by one, `work` is run again on a configuration that calculates
 * each symbol after those it depends on: it must do nothing but work on what it is given.
 */
export function withConf<T>(model: KconfigModel, work: (conf: ConfState) => T): T {
  try {
    return work(new ConfState(model));
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    const conf = new ConfState(model);
    conf.calculationOrder = evaluationOrder(model);
    conf.limit = Number.POSITIVE_INFINITY;
    return work(conf);
  }
}
