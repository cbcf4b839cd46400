import { samples } from '../../corpus/containers/xz.ts';
import { describeContainer } from '../../test/support/container-contract.ts';
import container from './xz.ts';

describeContainer(container, samples());
