import { samples } from '../../corpus/containers/bzip2.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './bzip2.ts';

describeContainer(container, samples());
