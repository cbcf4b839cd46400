/** All joins, in the order in which they run. */

import type { Join } from './join.ts';
import { createJwkMembersJoin } from './jwk-members.ts';

export const JOINS: readonly Join[] = [createJwkMembersJoin()];
