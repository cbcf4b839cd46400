import { samples } from '../../corpus/containers/sqlite.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './sqlite.ts';

describeContainer(container, samples());
