import type { Config } from '../../config/config.ts';
import type { Stores } from '../../customers/stores/index.ts';
import type { OperatorStore } from '../../customers/stores/operator.ts';
import type { SyncSources } from '../../customers/sync.ts';

/** What looks at customers work with. */
export type CustomerSources = SyncSources & {
  config: Config;
  stores: Stores;
  operator: OperatorStore;
};
