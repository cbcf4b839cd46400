import { samples } from '../../corpus/containers/cab.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './cab.ts';

describeContainer(container, samples());
