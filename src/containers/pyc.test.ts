import { samples } from '../../corpus/containers/pyc.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './pyc.ts';

describeContainer(container, samples());
