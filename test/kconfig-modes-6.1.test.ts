// Whole configurations of 6.1, byte for byte, as the tree's own conf makes them.

import { testConfigurations } from './kconfig-modes.ts';

testConfigurations('6.1');
