/** All joins, in the order in which they run. */
import type { Join } from './join.ts';

export const JOINS: readonly Join[] = [];
