import { samples } from '../../corpus/containers/lzip.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './lzip.ts';

describeContainer(container, samples());
